public import Fields
package import Imaging
import Operators
import Transforms

extension Image {
  /// One picture, rows as slices, so that 32 rows are worked on together.
  var shape: SlabShape {
    SlabShape(sliceCount: rowCount, pageCount: 1, positionCount: columnCount)
  }

  var field: FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    PageMap(shape, axis: .y).place(pixels.span, page: 0, into: &values)
    return field
  }

  /// `Σ (b − b̄)²` over the sums b of squares of 8 × 8 pixels, in which noise has little part.
  var variation: Double {
    let (values, side) = (pixels.span, 8)
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for row in stride(from: 0, through: rowCount - side, by: side) {
      for column in stride(from: 0, through: columnCount - side, by: side) {
        var block = 0.0
        for i in 0..<side {
          for j in 0..<side { block += Double(values[(row + i) * columnCount + column + j]) }
        }
        (count, sum, squares) = (count + 1, sum + block, squares + block * block)
      }
    }
    return count > 0 ? squares - sum * sum / count : 0
  }
}

/// How the noise of an element map is described.
public enum MapNoise: Sendable, Hashable {
  /// Counts, none of them negative, over a background of so many counts per map pixel.
  case poisson(background: Double)
  /// Noise of one standard deviation, in the units of the map; `nil` reads it from the pixels.
  case gaussian(sigma: Double?)
}

/// One HAADF image and element maps of the same field, each of whose pixels covers `k × k` HAADF pixels, k a whole number.
public struct ImageDetectors: Sendable {
  /// The map of one element.
  public struct Map: Sendable {
    package let element: ChemicalElement
    package let image: Image
    /// Counts without a background by default.
    public var noise = MapNoise.poisson(background: 0)
    /// The signal of a map pixel where the concentration is 1; `nil` makes 1 the typical concentration.
    public var scale: Double?
    /// Against HAADF; `nil` where it is not known, which ``ImageDetectors/registered()`` can change.
    package var shift: MapShift?
    /// What one count is worth in the map as it was given.
    package internal(set) var unit = 1.0

    /// A map of counts, `image`, with fewer pixels than HAADF or as many.
    public init(_ element: ChemicalElement, _ image: Image) {
      (self.element, self.image) = (element, image)
    }
  }

  package let haadf: Image
  package let maps: [Map]
  /// Of HAADF and of the maps; `nil` where images are sharp.
  package var spread: PointSpread?
  package var mapSpread: PointSpread?
  package var ends = Ends.reflecting
  package var haadfSigma: Double?
  package var workers = Workers.all

  /// What was measured of one field; sizes are checked by ``data()``.
  public init(_ haadf: Image, _ maps: [Map]) { (self.haadf, self.maps) = (haadf, maps) }

  /// What ``SensorFusion/fuse(_:trial:onStage:isCancelled:)`` takes: HAADF and maps with their noise.
  ///
  /// - Throws: ``FusionError`` where sizes do not fit or noise cannot be told.
  public func data() throws(FusionError) -> FusionData {
    let signal = HAADFSignal(
      haadf.field, Pictures(haadf.shape), through: imaging(spread), sigma: try noiseOfHAADF())
    var views: [ElementMap] = []
    for map in maps { views.append(try view(map)) }
    return FusionData(
      signal, views, gradient: SlabGradient(haadf.shape, workers: workers))
  }

  func noiseOfHAADF() throws(FusionError) -> Double {
    if let haadfSigma { return haadfSigma }
    if let found = SignalNoise(haadf.field, Pictures(haadf.shape), workers: workers) {
      return found.sigma
    }
    let values = haadf.pixels.span
    let isFlat = values.indices.allSatisfy { values[$0] == values[0] }
    throw isFlat ? .emptyHAADF : .noiseUnknown("HAADF")
  }

  private func imaging(_ spread: PointSpread?) -> any LinearOperator {
    guard let spread else { return PlainView(haadf.shape.count) }
    if let blur = SeparableBlur(spread, of: haadf.shape, ends: ends, workers: workers) {
      return blur
    }
    let grid = Grid(rowCount: haadf.rowCount, columnCount: haadf.columnCount)
    return PictureBlur(
      FieldBlur(spread, on: grid, ends: ends, workers: workers), shape: haadf.shape)
  }

  func binning(of map: Map) throws(FusionError) -> MapBinning {
    let factor = haadf.rowCount / max(map.image.rowCount, 1)
    guard let binning = MapBinning(haadf.shape, by: factor),
      binning.coarse == map.image.shape
    else {
      throw .shape(
        map.element.symbol, found: [map.image.columnCount, map.image.rowCount],
        haadf: [haadf.columnCount, haadf.rowCount])
    }
    return binning
  }

  private func view(_ map: Map) throws(FusionError) -> ElementMap {
    let binning = try binning(of: map)
    let field = map.image.field
    let noise = try map.noise.known(
      map.element.symbol, field, Pictures(binning.coarse), workers)
    let view = ElementMap(
      map.element, field, through: imaging(mapSpread), binning, noise: noise,
      scale: map.scale, unit: map.unit)
    return try map.shift.map { shift throws(FusionError) in
      try view.shifted(by: shift, workers)
    } ?? view
  }

  /// Whether images of this size have their strengths searched on a part.
  package static func searchesPart(rows: Int, columns: Int, side: Int = 256) -> Bool {
    rows * columns > 4 * side * side
  }

  /// The part on which strengths are searched, for images beyond 512²: the one whose maps vary most,
  /// since nothing but more smoothing predicts a plain part.
  package func trial(side: Int = 256) -> ImageDetectors? {
    guard Self.searchesPart(rows: haadf.rowCount, columns: haadf.columnCount, side: side) else {
      return nil
    }
    let factors = maps.map { haadf.rowCount / max($0.image.rowCount, 1) }
    let step = factors.reduce(1) { $0 * $1 / greatestCommonDivisor($0, $1) }
    let (high, wide) = (
      min(side, haadf.rowCount) / step * step, min(side, haadf.columnCount) / step * step
    )
    guard high >= 8 * step, wide >= 8 * step else { return nil }
    func region(_ row: Int, _ column: Int, _ k: Int) -> ImageRegion {
      ImageRegion(
        rows: row / k..<(row + high) / k, columns: column / k..<(column + wide) / k)
    }
    var best = (variation: -Double.infinity, row: 0, column: 0)
    for row in stride(
      from: 0, through: haadf.rowCount - high, by: max(step, high / 2 / step * step))
    {
      for column in stride(
        from: 0, through: haadf.columnCount - wide, by: max(step, wide / 2 / step * step))
      {
        let variation = zip(maps, factors).reduce(0.0) { sum, pair in
          let (map, k) = pair
          return sum
            + map.image.part(region(row, column, k)).variation
        }
        if variation > best.variation { best = (variation, row, column) }
      }
    }
    var part = ImageDetectors(
      haadf.part(region(best.row, best.column, 1)),
      zip(maps, factors).map { map, k in
        var cut = Map(map.element, map.image.part(region(best.row, best.column, k)))
        (cut.noise, cut.scale, cut.shift, cut.unit) = (map.noise, map.scale, map.shift, map.unit)
        return cut
      })
    (part.spread, part.mapSpread, part.ends) = (spread, mapSpread, .reflecting)
    (part.haadfSigma, part.workers) = (haadfSigma, workers)
    return part
  }
}

extension MapNoise {
  func known(
    _ name: String, _ field: borrowing FloatStorage, _ pictures: Pictures, _ workers: Workers
  ) throws(FusionError) -> ElementMap.Noise {
    switch self {
    case .poisson(let background): return .poisson(background: background)
    case .gaussian(let sigma):
      guard let sigma = sigma ?? SignalNoise(field, pictures, workers: workers)?.sigma else {
        throw .noiseUnknown(name)
      }
      return .gaussian(sigma: sigma)
    }
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
