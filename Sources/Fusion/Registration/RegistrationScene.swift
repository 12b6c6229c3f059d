import Fields
import Imaging
import Operators
import Transforms

/// HAADF and maps on one grid, `[row][column]` in pixels of HAADF, with what a band-pass makes of them.
///
/// `K` is the square of a difference of two Gaussians, so that noise of HAADF and slow changes, such as an element that
/// no map shows, count little. `A` and `B` blur maps as HAADF is, and HAADF as maps are: edges that differ in sharpness
/// alone leave no rest.
struct RegistrationScene: Sendable {
  /// One map, spread over the pixels that each of its own covers.
  struct Source: Sendable {
    /// `m`, over its background.
    let picture: FloatStorage
    let variance: FloatStorage
    /// `A m` and `Aᵀ K A m`
    let seen: FloatStorage
    let filtered: FloatStorage
    /// `k`
    let cell: Int
    /// What white noise of unit variance in each map pixel adds to `m · Aᵀ K A m`, for each pixel.
    let noisePeak: Double
  }

  /// One lane, so that rows follow each other.
  let shape: SlabShape
  /// `B h`, `Aᵀ K B h`, `h` and `Bᵀ K B h`
  let seen: FloatStorage
  let template: FloatStorage
  let picture: FloatStorage
  let filtered: FloatStorage
  let sigma: Double
  let sources: [Source]
  let transform: PlaneTransform
  let workers: Workers

  struct Measurement: Sendable {
    let picture: FloatStorage
    let variance: FloatStorage
    let cell: Int
  }

  init(
    haadf: Image, sigma: Double, _ maps: [Measurement], spread: PointSpread?,
    mapSpread: PointSpread?, workers: Workers
  ) throws(BlurError) {
    let grid = Grid(rowCount: haadf.rowCount, columnCount: haadf.columnCount)
    let isAlike = spread == mapSpread
    let filter = try RegistrationFilter(
      grid, cell: maps.map(\.cell).max() ?? 1, ofMaps: isAlike ? nil : spread,
      ofHAADF: isAlike ? nil : mapSpread, workers: workers)
    shape = SlabShape(
      sliceCount: grid.rowCount, pageCount: 1, positionCount: grid.columnCount, laneCount: 1)
    picture = FloatStorage(haadf.pixels)
    seen = filter.haadf(picture)
    let band = filter.band(seen)
    template = filter.mapAdjoint(band)
    filtered = filter.haadfAdjoint(band)
    sources = maps.map { map in
      let seen = filter.map(map.picture)
      var point = FloatStorage(zeros: grid.count)
      var pixels = point.mutableSpan
      let middle = (grid.rowCount / 2 / map.cell, grid.columnCount / 2 / map.cell)
      for row in middle.0 * map.cell..<(middle.0 + 1) * map.cell {
        for column in middle.1 * map.cell..<(middle.1 + 1) * map.cell {
          pixels[row * grid.columnCount + column] = 1
        }
      }
      let response = filter.mapAdjoint(filter.band(filter.map(point)))
      return Source(
        picture: map.picture, variance: map.variance, seen: seen,
        filtered: filter.mapAdjoint(filter.band(seen)), cell: map.cell,
        noisePeak: dot(point.span, response.span) / Double(map.cell * map.cell))
    }
    (self.sigma, self.workers) = (sigma, workers)
    transform = PlaneTransform(rows: grid.rowCount, columns: grid.columnCount)
  }

  /// HAADF in the place of the only map.
  var ofHAADFItself: RegistrationScene {
    let itself = Source(
      picture: picture, variance: FloatStorage(zeros: picture.count), seen: seen,
      filtered: filtered, cell: 1, noisePeak: 0)
    return RegistrationScene(self, [itself])
  }

  private init(_ scene: RegistrationScene, _ sources: [Source]) {
    (shape, seen, template) = (scene.shape, scene.seen, scene.filtered)
    (picture, filtered, sigma) = (scene.picture, scene.filtered, scene.sigma)
    (transform, workers, self.sources) = (scene.transform, scene.workers, sources)
  }

  /// `y(r) = x(r − d)`, nothing beyond the field.
  func moved(_ x: borrowing FloatStorage, by d: SIMD2<Double>) -> FloatStorage {
    var moved = FloatStorage(zeros: x.count)
    ShiftedView(PlainView(x.count), of: shape, right: d.x, down: d.y, workers: workers)
      .apply(x.span, into: moved.mutableSpan)
    return moved
  }
}

/// `K`, `A` and `B`.
struct RegistrationFilter {
  private let narrow: FieldBlur
  private let wide: FieldBlur
  private let ofMaps: FieldBlur?
  private let ofHAADF: FieldBlur?
  /// Of map pixels that cover more than one of HAADF's: their mean, which then stands all over them, is on the average
  /// of all places a triangle of their width.
  private let ofCells: FieldBlur?

  /// The standard deviations are one pixel of HAADF, or half a map pixel, and an eighth of the shorter side, at most 32
  /// pixels.
  init(
    _ grid: Grid, cell: Int, ofMaps: PointSpread?, ofHAADF: PointSpread?, workers: Workers
  ) throws(BlurError) {
    let narrow = max(1, 0.5 * Double(cell))
    let wide = min(32, max(Double(min(grid.rowCount, grid.columnCount)) / 8, 3 * narrow))
    func blur(_ spread: PointSpread) -> FieldBlur {
      FieldBlur(spread, on: grid, ends: .reflecting, workers: workers)
    }
    self.narrow = blur(try PointSpread(gaussian: [0, narrow, narrow]))
    self.wide = blur(try PointSpread(gaussian: [0, wide, wide]))
    (self.ofMaps, self.ofHAADF) = (ofMaps.map(blur), ofHAADF.map(blur))
    let line = (1 - cell..<cell).map { Double(cell - abs($0)) / Double(cell * cell) }
    ofCells =
      cell == 1
      ? nil
      : blur(
        try PointSpread(
          line.flatMap { row in line.map { row * $0 } },
          on: Grid(rowCount: line.count, columnCount: line.count)))
  }

  /// `K x`
  func band(_ x: borrowing FloatStorage) -> FloatStorage { difference(difference(x)) }
  func map(_ x: borrowing FloatStorage) -> FloatStorage { run(ofMaps, x) }
  func haadf(_ x: borrowing FloatStorage) -> FloatStorage {
    run(ofCells, run(ofHAADF, x))
  }
  func mapAdjoint(_ x: borrowing FloatStorage) -> FloatStorage { runAdjoint(ofMaps, x) }
  func haadfAdjoint(_ x: borrowing FloatStorage) -> FloatStorage {
    runAdjoint(ofHAADF, runAdjoint(ofCells, x))
  }

  private func difference(_ x: borrowing FloatStorage) -> FloatStorage {
    var fine = run(narrow, x)
    let coarse = run(wide, x)
    var values = fine.mutableSpan
    for i in values.indices { values[i] -= coarse.span[i] }
    return fine
  }

  private func run(_ blur: FieldBlur?, _ x: borrowing FloatStorage) -> FloatStorage {
    guard let blur else { return copy x }
    var y = FloatStorage(zeros: x.count)
    blur.apply(x.span, into: y.mutableSpan)
    return y
  }

  private func runAdjoint(_ blur: FieldBlur?, _ x: borrowing FloatStorage) -> FloatStorage {
    guard let blur else { return copy x }
    var y = FloatStorage(zeros: x.count)
    blur.applyAdjoint(x.span, into: y.mutableSpan)
    return y
  }
}
