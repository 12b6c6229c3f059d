import Fields
import Projection
import TestSupport
import Testing

@Suite("TiltSweep")
struct TiltSweepTests {
  static let degrees = [-70.0, -45, -13, 0, 31.5, 46, 90, 135, -170]

  /// A detector that sees every voxel.
  func geometry(_ sliceCount: Int) throws -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(width: 23, depth: 18, sliceCount: sliceCount),
      series: TiltSeriesShape(tiltCount: 9, binCount: 45, sliceCount: sliceCount),
      degrees: Self.degrees, axisOffset: 1.25, zOffset: -2.5)
  }

  @Test(
    "a sweep is what projector and adjoint do tilt by tilt", arguments: [1, 7, 33])
  func sweep(sliceCount: Int) throws {
    let geometry = try geometry(sliceCount)
    let order = [4, 0, 8, 2, 6, 1, 7, 3, 5]
    let weights = noise(count: 9 * 45, seed: 1)
    let y = noise(count: geometry.series.slabs.count, seed: 2)
    let start = noise(count: geometry.volume.slabs.count, seed: 3)
    var swept = start
    let sums = TiltSweep(geometry, rowWeights: weights, workers: Workers(2)).run(
      swept.mutableSpan, to: y.span, order: order,
      bounds: SweepBounds(relaxation: 0.7, lower: -0.4, upper: 0.4), support: Span())

    var x = start
    var residuals = [Double](repeating: 0, count: sliceCount)
    for tilt in order {
      let projector = ParallelProjector(geometry.subset(of: [tilt]))
      let series = projector.geometry.series.slabs
      var r = FloatStorage(zeros: projector.rangeCount)
      projector.apply(x.span, into: r.mutableSpan)
      var values = r.mutableSpan
      for i in values.indices {
        let (slab, rest) = i.quotientAndRemainder(dividingBy: series.pageLength)
        let source = (slab * 9 + tilt) * series.pageLength + rest
        let difference = y.span[source] - values[i]
        let slice = slab * series.laneCount + rest % series.laneCount
        if slice < sliceCount { residuals[slice] += Double(difference * difference) }
        values[i] = difference * weights.span[tilt * 45 + rest / series.laneCount]
      }
      let slice = ParallelProjector(geometry.oneSlice.subset(of: [tilt]))
      var columns = FloatStorage(zeros: slice.domainCount)
      slice.applyAdjoint(
        FloatStorage(repeating: 1, count: slice.rangeCount).span, into: columns.mutableSpan)
      var scale = columns.mutableSpan
      for i in scale.indices { scale[i] = 1 / scale[i] }
      _ = projector.applyAdjoint(
        r.span, updating: x.mutableSpan,
        by: VoxelUpdate(scale: columns, step: 0.7, lower: -0.4, upper: 0.4))
    }
    #expect(relativeError(of: swept.span, against: x.span) < 1e-5)
    for slice in 0..<sliceCount {
      #expect(abs(sums.residual[slice] / residuals[slice] - 1) < 1e-5)
    }
  }

  @Test("a subset of tilts projects as the whole series does")
  func subset() throws {
    let geometry = try geometry(7)
    let x = noise(count: geometry.volume.slabs.count, seed: 3)
    let (whole, part) = (
      ParallelProjector(geometry), ParallelProjector(geometry.subset(of: [5, 2]))
    )
    var (all, some) = (
      FloatStorage(zeros: whole.rangeCount), FloatStorage(zeros: part.rangeCount)
    )
    whole.apply(x.span, into: all.mutableSpan)
    part.apply(x.span, into: some.mutableSpan)
    for i in 0..<45 * 8 {
      #expect(some.span[i] == all.span[5 * 45 * 8 + i])
      #expect(some.span[45 * 8 + i] == all.span[2 * 45 * 8 + i])
    }
  }

  @Test("a multiplying update scales each voxel, and leaves unseen ones alone")
  func multiplying() throws {
    let projector = ParallelProjector(try geometry(7))
    let y = noise(count: projector.rangeCount, seed: 6)
    let start = noise(count: projector.domainCount, seed: 7)
    var plain = FloatStorage(zeros: projector.domainCount)
    projector.applyAdjoint(y.span, into: plain.mutableSpan)
    var scale = noise(count: projector.geometry.volume.slabs.runCount, seed: 8)
    var values = scale.mutableSpan
    values[20] = 0
    var update = VoxelUpdate(scale: scale)
    update.form = .multiplying
    var updated = start
    _ = projector.applyAdjoint(y.span, updating: updated.mutableSpan, by: update)
    for i in plain.span.indices {
      let factor = i / 8 == 20 ? 1 : scale.span[i / 8] * plain.span[i]
      #expect(abs(updated.span[i] - start.span[i] * factor) < 1e-5)
    }
  }
}
