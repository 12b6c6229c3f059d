import Fields
import Foundation
import Operators
import Projection
import TestSupport
import Testing

@Suite("ParallelProjector")
struct ParallelProjectorTests {
  /// Every kind of angle: flat, oblique, beyond 45°, 90° and backwards.
  static let degrees = [-70.0, -45, -13, 0, 31.5, 46, 90, 135, -170]

  func geometry(
    slices: Int, width: Int = 23, depth: Int = 18, bins: Int = 29,
    degrees: [Double] = degrees
  ) throws -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(width: width, depth: depth, sliceCount: slices),
      series: TiltSeriesShape(tiltCount: degrees.count, binCount: bins, sliceCount: slices),
      degrees: degrees, axisOffset: 1.25, zOffset: -2.5)
  }

  @Test(
    "back-projection is the adjoint of projection", arguments: RayModel.allCases, [1, 7, 33])
  func adjoint(model: RayModel, slices: Int) throws {
    let projector = ParallelProjector(try geometry(slices: slices), model: model)
    let x = noise(count: projector.domainCount, seed: 1)
    let y = noise(count: projector.rangeCount, seed: 2)
    #expect(projector.adjointMismatch(x.span, y.span) < 1e-5)
  }

  @Test(
    "the adjoint holds beyond 90°, where corners of tiles land on bins",
    arguments: RayModel.allCases)
  func adjointAtCorners(model: RayModel) throws {
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 95, depth: 65, sliceCount: 1),
      series: TiltSeriesShape(tiltCount: 1, binCount: 95, sliceCount: 1), degrees: [135])
    let projector = ParallelProjector(geometry, model: model)
    let x = noise(count: projector.domainCount, seed: 1)
    let y = noise(count: projector.rangeCount, seed: 2)
    #expect(projector.adjointMismatch(x.span, y.span) < 1e-6)
  }

  @Test("the adjoint holds entry by entry", arguments: RayModel.allCases)
  func adjointEntries(model: RayModel) throws {
    let projector = ParallelProjector(
      try geometry(slices: 1, width: 9, depth: 7, bins: 10), model: model)
    var columns: [[Float]] = []
    for j in 0..<projector.domainCount {
      var x = FloatStorage(zeros: projector.domainCount)
      var p = FloatStorage(zeros: projector.rangeCount)
      var values = x.mutableSpan
      values[j] = 1
      projector.apply(x.span, into: p.mutableSpan)
      columns.append(p.span.indices.map { p.span[$0] })
    }
    for i in 0..<projector.rangeCount {
      var y = FloatStorage(zeros: projector.rangeCount)
      var v = FloatStorage(zeros: projector.domainCount)
      var values = y.mutableSpan
      values[i] = 1
      projector.applyAdjoint(y.span, into: v.mutableSpan)
      for j in 0..<projector.domainCount {
        #expect(abs(v.span[j] - columns[j][i]) < 1e-6)
      }
    }
  }

  @Test(
    "projections match float64 references in every slice", arguments: RayModel.allCases,
    [1, 7, 33])
  func golden(model: RayModel, slices: Int) throws {
    let geometry = try geometry(slices: slices)
    var volume = Volume(zeros: geometry.volume)
    for y in 0..<slices {
      for z in 0..<18 { for x in 0..<23 { volume[x, y, z] = Float((1 + 3 * x + 7 * z) % 11) } }
    }
    var series = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    ParallelProjector(geometry, model: model)
      .apply(volume.voxels.span, into: series.projections.mutableSpan)
    let golden = try goldenFloats("\(model.rawValue).f32", in: Bundle.module)
    for (k, expected) in golden.enumerated() {
      for y in [0, slices / 2, slices - 1] {
        #expect(abs(series[k / 29, y, k % 29] - expected) < 2e-4)
      }
    }
  }

  @Test("padding lanes stay zero", arguments: [7, 33])
  func padding(slices: Int) throws {
    let projector = ParallelProjector(try geometry(slices: slices))
    var volume = Volume(zeros: projector.geometry.volume)
    for y in 0..<slices { volume[11, y, 9] = 1 }
    var p = FloatStorage(zeros: projector.rangeCount)
    projector.apply(volume.voxels.span, into: p.mutableSpan)
    let shape = projector.geometry.series.slabs
    let padding = shape.slices(of: shape.slabCount - 1).count..<shape.laneCount
    let last = (shape.slabCount - 1) * shape.slabLength
    for run in 0..<shape.runCount {
      for lane in padding { #expect(p.span[last + run * shape.laneCount + lane] == 0) }
    }
  }

  @Test("results are the same to the bit with 1, 2 and 5 workers", arguments: [1, 33, 70])
  func workers(slices: Int) throws {
    let geometry = try geometry(slices: slices, width: 70, depth: 75, bins: 80)
    let x = noise(count: geometry.volume.slabs.count, seed: 4)
    let y = noise(count: geometry.series.slabs.count, seed: 5)
    var first: (FloatStorage, FloatStorage)?
    for count in [1, 2, 5] {
      let projector = ParallelProjector(geometry, workers: Workers(count))
      var p = FloatStorage(zeros: projector.rangeCount)
      var v = FloatStorage(zeros: projector.domainCount)
      projector.apply(x.span, into: p.mutableSpan)
      projector.applyAdjoint(y.span, into: v.mutableSpan)
      if let first {
        #expect(p.span.indices.allSatisfy { p.span[$0] == first.0.span[$0] })
        #expect(v.span.indices.allSatisfy { v.span[$0] == first.1.span[$0] })
      } else {
        first = (p, v)
      }
    }
  }

  @Test("an update adds the scaled back-projection and clips")
  func update() throws {
    let projector = ParallelProjector(try geometry(slices: 7))
    let y = noise(count: projector.rangeCount, seed: 6)
    let start = noise(count: projector.domainCount, seed: 7)
    var plain = FloatStorage(zeros: projector.domainCount)
    projector.applyAdjoint(y.span, into: plain.mutableSpan)
    let scale = noise(count: projector.geometry.volume.slabs.runCount, seed: 8)
    var updated = start
    let change = projector.applyAdjoint(
      y.span, updating: updated.mutableSpan,
      by: VoxelUpdate(scale: scale, step: 0.5, lower: 0, upper: 0.4))
    let lanes = projector.geometry.volume.slabs.laneCount
    for i in plain.span.indices {
      let run = i / lanes % projector.geometry.volume.slabs.runCount
      let free = start.span[i] + 0.5 * scale.span[run] * plain.span[i]
      #expect(abs(updated.span[i] - min(max(free, 0), 0.4)) < 1e-5)
    }
    let shape = projector.geometry.volume.slabs
    for slice in 0..<7 {
      let (moved, size) = (0..<shape.runCount).reduce((0.0, 0.0)) { sums, run in
        let i = run * lanes + slice
        let (old, new) = (Double(start.span[i]), Double(updated.span[i]))
        return (sums.0 + (new - old) * (new - old), sums.1 + new * new)
      }
      #expect(abs(change.change[slice] - moved) < 1e-5 * moved)
      #expect(abs(change.norm[slice] - size) < 1e-5 * size)
    }
  }

  @Test("interpolating back-projection of a ramp puts the bin number at every voxel")
  func interpolation() throws {
    let geometry = try geometry(slices: 1, degrees: [-70, 20, 90])
    let projector = ParallelProjector(geometry)
    var ramps = TiltSeries(zeros: geometry.series, tilts: [-70, 20, 90])
    for bin in 0..<29 { for tilt in 0..<3 { ramps[tilt, 0, bin] = Float(bin) } }
    for tilt in 0..<3 {
      var volume = Volume(zeros: geometry.volume)
      var factors: [Float] = [0, 0, 0]
      factors[tilt] = 2
      projector.backProjectInterpolating(
        ramps.projections.span, bins: 0..<29, factors: factors,
        into: volume.voxels.mutableSpan)
      let t = geometry.tilts[tilt]
      for (x, z) in [(11, 9), (8, 6), (15, 12)] {
        let s = (Double(x) - 11) * cos(t) + (Double(z) - 8.5 - 2.5) * sin(t) + 14 + 1.25
        #expect(abs(Double(volume[x, 0, z]) - 2 * s) < 1e-4)
      }
    }
  }
}
