import Fields
import Operators
import Projection
import TestSupport
import Testing

@Suite("ParallelProjector as SteppingOperator")
struct SteppingTests {
  let degrees = [-60.0, -20, 0, 50, 90]

  func projector(slices: Int) throws -> ParallelProjector {
    ParallelProjector(
      try TiltGeometry(
        volume: VolumeShape(width: 12, depth: 9, sliceCount: slices),
        series: TiltSeriesShape(tiltCount: 5, binCount: 14, sliceCount: slices), degrees: degrees))
  }

  @Test("the sums are those of H and its adjoint over ones", arguments: [1, 7, 33])
  func sums(slices: Int) throws {
    let projector = try projector(slices: slices)
    let sums = projector.absoluteSums()
    var rows = FloatStorage(zeros: projector.rangeCount)
    var columns = FloatStorage(zeros: projector.domainCount)
    projector.apply(
      FloatStorage(repeating: 1, count: projector.domainCount).span, into: rows.mutableSpan)
    projector.applyAdjoint(
      FloatStorage(repeating: 1, count: projector.rangeCount).span, into: columns.mutableSpan)
    for i in 0..<rows.count { #expect(abs(rows.span[i] - sums.rows[i]) < 1e-4) }
    for i in 0..<columns.count { #expect(abs(columns.span[i] - sums.columns[i]) < 1e-4) }
  }

  @Test("a step is x − T Hᵀ y, clipped", arguments: [1, 7, 33])
  func step(slices: Int) throws {
    let projector = try projector(slices: slices)
    let shape = projector.geometry.volume.slabs
    let y = noise(count: projector.rangeCount, seed: 1)
    let start = noise(count: projector.domainCount, seed: 2)
    let steps = RunFactors(noise(count: shape.runCount, seed: 3), laneCount: shape.laneCount)
    var plain = FloatStorage(zeros: projector.domainCount)
    projector.applyAdjoint(y.span, into: plain.mutableSpan)
    var moved = start
    projector.stepAlongAdjoint(y.span, from: moved.mutableSpan, steps: steps, clippedTo: -0.2...0.4)
    for i in 0..<moved.count {
      let free = start.span[i] - steps[i] * plain.span[i]
      #expect(abs(moved.span[i] - min(max(free, -0.2), 0.4)) < 1e-5)
    }
  }
}
