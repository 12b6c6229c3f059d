import Fields
public import Operators

extension ParallelProjector: SteppingOperator {
  /// Row sums `[tilt][bin]` and column sums `[z][x]`, which all slices share; through optics bounds of them.
  public func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let slice = ParallelProjector(geometry.oneSlice, model: model, workers: workers)
    var rows = FloatStorage(zeros: slice.rangeCount)
    var columns = FloatStorage(zeros: slice.domainCount)
    slice.apply(FloatStorage(repeating: 1, count: slice.domainCount).span, into: rows.mutableSpan)
    slice.applyAdjoint(
      FloatStorage(repeating: 1, count: slice.rangeCount).span, into: columns.mutableSpan)
    if let gain = geometry.optics?.gainAtEnds, gain > 1 {
      var sums = columns.mutableSpan
      for i in sums.indices { sums[i] *= gain }
    }
    let laneCount = geometry.volume.slabs.laneCount
    return (
      RunFactors(rows, laneCount: laneCount), RunFactors(columns, laneCount: laneCount)
    )
  }

  package func stepAlongAdjoint(
    _ y: Span<Float>, from x: consuming MutableSpan<Float>, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    precondition(
      steps.values.count == geometry.volume.slabs.runCount, "one step a voxel of a slice")
    let update = VoxelUpdate(
      scale: steps.values, step: -1, lower: bounds.lowerBound, upper: bounds.upperBound)
    _ = applyAdjoint(y, updating: x, by: update)
  }
}
