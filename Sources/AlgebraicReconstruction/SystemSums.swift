import Fields
import Operators
import Projection

/// The row and column sums of `H`, which all slices share: one a (tilt, bin), one a (z, x).
struct SystemSums {
  let rows: FloatStorage
  let columns: FloatStorage

  init(_ projector: ParallelProjector) {
    let slice = ParallelProjector(
      projector.geometry.oneSlice, model: projector.model, workers: projector.workers)
    var rows = FloatStorage(zeros: slice.rangeCount)
    var columns = FloatStorage(zeros: slice.domainCount)
    slice.apply(FloatStorage(repeating: 1, count: slice.domainCount).span, into: rows.mutableSpan)
    slice.applyAdjoint(
      FloatStorage(repeating: 1, count: slice.rangeCount).span, into: columns.mutableSpan)
    (self.rows, self.columns) = (rows, columns)
  }
}

extension FloatStorage {
  /// 1 / value, and 0 where nothing was summed; smaller values count as `least`.
  func reciprocals(atLeast least: Float = 0) -> FloatStorage {
    var result = self
    var values = result.mutableSpan
    for i in values.indices { values[i] = values[i] > 1e-6 ? 1 / max(least, values[i]) : 0 }
    return result
  }
}
