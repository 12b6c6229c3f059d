import Fields
import Imaging
import Inversion

/// The standard deviation of the noise in an image, and how it is known.
struct ImageNoise {
  let level: Double
  let source: String

  /// Given, or else measured where nothing is, or else estimated from the image itself: from second
  /// differences in the middle 1024 × 1024 pixels of the middle plane.
  ///
  /// - Throws: ``ImageDeblurringError`` for a vacuum that lies outside, or carries no noise.
  init?(_ recipe: ImageDeblurring, _ y: FloatStorage) throws {
    if case .poisson = recipe.fidelity { return nil }
    if let noise = recipe.noise {
      (level, source) = (noise, "given")
    } else if let vacuum = recipe.vacuum {
      level = try Self.deviation(y, recipe.blur.grid, vacuum)
      source = "vacuum"
    } else if let estimate = Self.estimate(y, recipe.blur.grid) {
      (level, source) = (estimate, "second differences of the image")
    } else {
      return nil
    }
  }

  /// The standard deviation of pixels that hold nothing, about their mean.
  static func deviation(
    _ y: FloatStorage, _ grid: Grid, _ region: ImageRegion
  ) throws(ImageDeblurringError) -> Double {
    let size = ImageSize(rowCount: grid.rowCount, columnCount: grid.columnCount)
    guard size.contains(region), region.pixelCount >= 16 else { throw .region(region, size) }
    let start = grid.planeCount / 2 * grid.rowCount
    let values = region.rows.flatMap { row in
      region.columns.map { Double(y.span[(start + row) * grid.columnCount + $0]) }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    // Equal values leave rounding behind.
    let deviation = variance.squareRoot()
    guard deviation > 1e-6 * max(abs(mean), .leastNormalMagnitude), deviation > 0
    else { throw .regionSilent(region) }
    return deviation
  }

  private static func estimate(_ y: FloatStorage, _ grid: Grid) -> Double? {
    let (rows, columns) = (min(grid.rowCount, 1024), min(grid.columnCount, 1024))
    guard rows >= 8, columns >= 8 else { return nil }
    let part = centre(of: y, grid, Grid(rowCount: rows, columnCount: columns))
    let shape = TiltSeriesShape(tiltCount: 1, binCount: columns, sliceCount: rows)
    var series = TiltSeries(zeros: shape, tilts: [0])
    var values = series.projections.mutableSpan
    PageMap(shape.slabs, axis: .y).place(part.span, page: 0, into: &values)
    guard let estimate = NoiseEstimate(series), estimate.sigma > 0 else { return nil }
    return estimate.sigma
  }
}

extension ImageNoise? {
  /// - Throws: ``DeblurringError/noiseUnknown(rule:)``
  func known(rule: String) throws(DeblurringError) -> ImageNoise {
    guard let self else { throw .noiseUnknown(rule: rule) }
    return self
  }
}

/// The middle of a field.
func centre(of field: FloatStorage, _ grid: Grid, _ part: Grid) -> FloatStorage {
  let (p, r, c) = (
    (grid.planeCount - part.planeCount) / 2, (grid.rowCount - part.rowCount) / 2,
    (grid.columnCount - part.columnCount) / 2
  )
  var result = FloatStorage(zeros: part.count)
  for plane in 0..<part.planeCount {
    for row in 0..<part.rowCount {
      let source = ((p + plane) * grid.rowCount + r + row) * grid.columnCount + c
      result.replace(
        from: (plane * part.rowCount + row) * part.columnCount, with: field,
        source..<source + part.columnCount)
    }
  }
  return result
}
