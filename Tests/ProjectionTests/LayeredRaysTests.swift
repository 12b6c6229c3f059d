import Fields
import Foundation
import Operators
import Projection
import TestSupport
import Testing

@Suite("Projection by layers of depth")
struct LayeredRaysTests {
  /// Multiplies a series.
  private struct Factor: SeriesResponse {
    let factor: Float
    let count: Int
    var domainCount: Int { count }
    var rangeCount: Int { count }
    var linksSlices: Bool { false }
    var gainAtEnds: Float { 1 }
    var isNonNegative: Bool { true }
    var byteCount: Int { 0 }
    var oneSlice: any SeriesResponse { self }

    func running(on workers: Workers) -> any SeriesResponse { self }
    func subset(of tilts: [Int]) -> any SeriesResponse { self }
    func group(_ shape: SlabShape) -> any SeriesResponse {
      Factor(factor: factor, count: shape.count)
    }
    func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
      for i in x.indices { y[i] = factor * x[i] }
    }
    func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) { apply(y, into: x) }
  }

  private static let degrees = [-70.0, -40, 0, 25, 90]

  private func geometry(
    _ factors: [Float]?, first: Double = -8, spacing: Double = 4
  ) throws -> TiltGeometry {
    let sharp = try TiltGeometry(
      volume: VolumeShape(width: 17, depth: 12, sliceCount: 9),
      series: TiltSeriesShape(tiltCount: 5, binCount: 19, sliceCount: 9), degrees: Self.degrees,
      axisOffset: 0.3, zOffset: 1)
    let count = sharp.series.slabs.count
    return sharp.seen(
      through: factors.map { factors in
        Optics(
          layers: factors.map { Factor(factor: $0, count: count) }, first: first, spacing: spacing)
      })
  }

  @Test("Layers that are all alike make the projection without layers, there and back")
  func alike() throws {
    let (plain, layered) = (
      ParallelProjector(try geometry(nil)), ParallelProjector(try geometry([1, 1, 1, 1, 1]))
    )
    let (x, y) = (
      noise(count: plain.domainCount, seed: 1), noise(count: plain.rangeCount, seed: 2)
    )
    var (one, other) = (FloatStorage(zeros: y.count), FloatStorage(zeros: y.count))
    plain.apply(x.span, into: one.mutableSpan)
    layered.apply(x.span, into: other.mutableSpan)
    #expect(relativeError(of: other.span, against: one.span) < 1e-5)
    var (back, layeredBack) = (FloatStorage(zeros: x.count), FloatStorage(zeros: x.count))
    plain.applyAdjoint(y.span, into: back.mutableSpan)
    layered.applyAdjoint(y.span, into: layeredBack.mutableSpan)
    #expect(relativeError(of: layeredBack.span, against: back.span) < 1e-5)
  }

  @Test("The adjoint is exact")
  func adjoint() throws {
    let projector = ParallelProjector(try geometry([2, 0.5, 1, 3, 0]))
    let (x, y) = (
      noise(count: projector.domainCount, seed: 1), noise(count: projector.rangeCount, seed: 2)
    )
    #expect(projector.adjointMismatch(x.span, y.span) < 1e-5)
  }

  @Test("A voxel belongs to layers by its depth along the beam", arguments: [0, 1, 2, 3, 4])
  func depth(tilt: Int) throws {
    // The response of a layer is its depth, so that a linear share gives that of the voxel.
    let projector = ParallelProjector(
      try geometry((0..<9).map { Float(-16 + 4 * $0) }, first: -16))
    let plain = ParallelProjector(try geometry(nil))
    let (x, y, z) = (5, 3, 9)
    var point = Volume(zeros: projector.geometry.volume)
    point[x, y, z] = 1
    var (seen, sharp) = (
      FloatStorage(zeros: plain.rangeCount), FloatStorage(zeros: plain.rangeCount)
    )
    projector.apply(point.voxels.span, into: seen.mutableSpan)
    plain.apply(point.voxels.span, into: sharp.mutableSpan)
    // z = 9 − 5.5 + 1 and x = 5 − 8 from the axis.
    let radians = Self.degrees[tilt] * .pi / 180
    let expected = Float(4.5 * cos(radians) + 3 * sin(radians))
    let series = plain.geometry.series.slabs
    for bin in 0..<19 {
      let i = series.index(slice: y, page: tilt, position: bin)
      #expect(abs(seen.span[i] - expected * sharp.span[i]) < 1e-4)
    }
  }

  @Test("An update through layers is that of the gathered projections, clipped and masked")
  func update() throws {
    let projector = ParallelProjector(try geometry([2, 0.5, 1, 3, 0]))
    let y = noise(count: projector.rangeCount, seed: 2)
    var gathered = FloatStorage(zeros: projector.domainCount)
    projector.applyAdjoint(y.span, into: gathered.mutableSpan)
    let slabs = projector.geometry.volume.slabs
    var update = VoxelUpdate(
      scale: FloatStorage(repeating: 0.5, count: slabs.runCount), step: 0.1, lower: 0)
    update.support = FloatStorage((0..<slabs.count).map { $0 % 3 == 0 ? 0 : 1 })
    var x = FloatStorage(repeating: 1, count: projector.domainCount)
    let change = projector.applyAdjoint(y.span, updating: x.mutableSpan, by: update)
    var norm = 0.0
    for i in x.span.indices {
      let expected = i % 3 == 0 ? 0 : max(0, 1 + 0.05 * gathered.span[i])
      #expect(abs(x.span[i] - expected) < 1e-5)
      if i % slabs.laneCount == 4 { norm += Double(x.span[i] * x.span[i]) }
    }
    #expect(abs(change.norm[4] - norm) < 1e-3 * norm)
  }
}
