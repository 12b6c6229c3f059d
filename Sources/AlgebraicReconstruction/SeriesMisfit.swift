import Fields
import Projection

/// `‖y − H x‖²` of a volume.
struct SeriesMisfit {
  private let projector: ParallelProjector

  init(_ projector: ParallelProjector) { self.projector = projector }

  /// Summed over slices in their order.
  func squares(_ x: FloatStorage, _ measured: FloatStorage) -> Double {
    let shape = projector.geometry.series.slabs
    let one = [Double](repeating: 1, count: shape.sliceCount)
    var residual = FloatStorage(zeros: projector.rangeCount)
    projector.project(x, into: &residual)
    return combine(
      &residual, times: one.map { -$0 }, plus: measured, times: one, shape: shape,
      workers: projector.workers
    ).reduce(0, +)
  }
}
