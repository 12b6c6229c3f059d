package import Fields
import Operators
import RealModule
import StackIO

/// The weight `w` of every bin of a series, in `½ Σ w (Hx − y)²`.
package enum BinWeights: Sendable, Hashable {
  /// `exp(−y)`, for `y = −ln(counts / I₀)`, whose variance is 1 / counts: weights in units of I₀.
  case transmission
  /// A stack like the series.
  case stack(path: String, axis: TiltAxis)

  /// One per float of a series, with the mean of all in padding.
  ///
  /// - Parameter tilts: where the tilts of the series stand in the stack.
  func values(for series: TiltSeries, tilts: [Int]?) throws -> FloatStorage {
    let shape = series.shape.slabs
    var weights =
      switch self {
      case .transmission: Self.transmissions(series.projections)
      case .stack(let path, let axis):
        try Self.pages(of: path, shape, axis, tilts ?? Array(0..<shape.pageCount))
      }
    let mean = try Self.mean(weights, shape)
    var values = weights.mutableSpan
    for run in stride(from: 0, to: shape.count, by: shape.laneCount) {
      let lanes = shape.slices(of: run / shape.slabLength).count
      for i in run + lanes..<run + shape.laneCount { values[i] = mean }
    }
    return weights
  }

  private static func transmissions(_ measured: FloatStorage) -> FloatStorage {
    var weights = measured
    var values = weights.mutableSpan
    for i in values.indices { values[i] = .exp(-values[i]) }
    return weights
  }

  private static func pages(
    of path: String, _ shape: SlabShape, _ axis: TiltAxis, _ tilts: [Int]
  ) throws -> FloatStorage {
    let map = PageMap(shape, axis: axis)
    var reader = try StackReader(path: path)
    let found = reader.info.shape
    guard found.rowCount == map.rowCount, found.columnCount == map.columnCount,
      tilts.allSatisfy({ $0 < found.pageCount }),
      tilts.count < shape.pageCount || tilts != Array(0..<shape.pageCount)
        || found.pageCount == shape.pageCount
    else {
      throw CompressedSensingError.binWeightShape(
        path, found: "\(found.pageCount) pages of \(found.rowCount) × \(found.columnCount)",
        "\(shape.pageCount) pages of \(map.rowCount) × \(map.columnCount)")
    }
    var weights = FloatStorage(zeros: shape.count)
    var picture = FloatStorage(zeros: map.rowCount * map.columnCount)
    for (page, tilt) in tilts.enumerated() {
      var pixels = picture.mutableSpan
      try reader.readPage(tilt, into: &pixels)
      var values = weights.mutableSpan
      map.place(picture.span, page: page, into: &values)
    }
    return weights
  }

  /// Over true values, which are checked.
  private static func mean(_ weights: FloatStorage, _ shape: SlabShape) throws -> Float {
    let values = weights.span
    var sum = 0.0
    for run in stride(from: 0, to: shape.count, by: shape.laneCount) {
      for i in run..<run + shape.slices(of: run / shape.slabLength).count {
        guard values[i] >= 0 && values[i].isFinite else {
          throw CompressedSensingError.binWeight(values[i])
        }
        sum += Double(values[i])
      }
    }
    guard sum > 0 else { throw CompressedSensingError.binWeight(0) }
    return Float(sum / Double(shape.valueCount))
  }
}

extension TiltSeries {
  /// The weights of ``weights`` times those of tilts; `nil` where bins have none of their own.
  func runFactors(timesTilts tilts: [Double]?) -> RunFactors? {
    guard var product = weights else { return nil }
    if let tilts { RunFactors(perPage: tilts.map(Float.init), shape.slabs).multiply(&product) }
    return RunFactors(product, laneCount: 1)
  }
}
