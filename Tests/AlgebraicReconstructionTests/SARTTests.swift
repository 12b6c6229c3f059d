import AlgebraicReconstruction
import Fields
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("SART")
struct SARTTests {
  /// The golden support and bounds.
  func held(_ shape: VolumeShape) throws -> VoxelConstraint {
    let inside = (0..<GoldenSlice.runCount).map { i in
      let (x, z) = (Double(i % 17) - 8, Double(i / 17) - 7)
      return x * x + z * z < 6.5 * 6.5
    }
    return try VoxelConstraint(
      isNonNegative: true, upperBound: 1.5, support: Support(everySlice: inside, of: shape))
  }

  @Test(
    "five sweeps agree with a dense float64 matrix among 1, 7 and 33 slices",
    arguments: [1, 7, 33], [0, 1])
  func golden(sliceCount: Int, variant: Int) throws {
    let geometry = try GoldenSlice.geometry(sliceCount)
    // An upper bound is no friend of scaling.
    let scale: (Int) -> Float = { variant == 0 ? Float($0 + 1) : 1 }
    let method =
      variant == 0
      ? try SART(sweeps: 5, relaxation: .constant(1), order: .sequential)
      : try SART(
        sweeps: 5, relaxation: .decaying(1.2, factor: 0.9), order: .golden,
        constraint: held(geometry.volume))
    let (volume, report) = try method.reconstruct(
      GoldenSlice.series(sliceCount, scale: scale), geometry, from: nil, workers: Workers(2))
    let expected = try GoldenSlice.volume(
      "sart.f32", variant: variant, sliceCount, scale: scale)
    // Padding lanes are compared too: they are zero.
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 1e-5)
    let history = try goldenFloats("sartHistory.f32", in: .module).map(Double.init)
    let weight = (0..<sliceCount).reduce(0.0) { $0 + Double(scale($1) * scale($1)) }
    for (k, entry) in report.history.enumerated() {
      let row = history[(variant * 5 + k) * 3..<(variant * 5 + k + 1) * 3].map { $0 }
      let residual = try #require(entry.residual)
      let change = try #require(entry.relativeChange)
      let count = Double(14 * 21 * sliceCount)
      #expect(abs(residual * residual * count / (row[0] * weight) - 1) < 1e-4)
      #expect(abs(change * change / (row[1] / row[2]) - 1) < 1e-4)
    }
  }

  @Test("neither groups nor workers change a bit", arguments: [1, 7, 33, 70])
  func invariance(sliceCount: Int) throws {
    let shape = try GoldenSlice.geometry(sliceCount).volume
    #expect(
      try GoldenSlice.isInvariant(
        SART(
          sweeps: 3, relaxation: .decaying(1, factor: 0.7), order: .random(seed: 5),
          constraint: held(shape)), sliceCount: sliceCount))
  }

  @Test("groups that advance together for a stop rule do so with their own support")
  func advanceTogether() throws {
    let shape = try GoldenSlice.geometry(70).volume
    var inside = Volume(zeros: shape)
    for y in 0..<70 {
      for x in 0..<17 { for z in 0..<14 { inside[x, y, z] = Float((x + y + z) % 3) } }
    }
    let constraint = try VoxelConstraint(support: Support(inside))
    let rule = try StopRule(noise: 1e-9)
    #expect(
      try GoldenSlice.isInvariant(
        SART(sweeps: 3, constraint: constraint, stopRule: rule), sliceCount: 70))
    #expect(
      try GoldenSlice.isInvariant(
        SIRT(
          iterations: 3, relaxation: .decaying(1.5, factor: 0.5), constraint: constraint,
          stopRule: rule), sliceCount: 70))
  }

  @Test(
    "consistent data are fitted to a hundredth, and never much worse than before",
    arguments: [TiltOrder.sequential, .random(seed: 2), .golden, .multilevel])
  func consistent(order: TiltOrder) throws {
    let geometry = try GoldenSlice.geometry(7)
    let truth = try GoldenSlice.volume("sirt.f32", variant: 1, 7) { Float($0 + 1) }
    var series = TiltSeries(zeros: geometry.series, tilts: GoldenSlice.degrees)
    ParallelProjector(geometry).apply(truth.voxels.span, into: series.projections.mutableSpan)
    let (_, report) = try SART(sweeps: 20, relaxation: .constant(1), order: order)
      .reconstruct(series, geometry, from: nil, workers: .all)
    let misfits = report.history.compactMap(\.misfit)
    for (one, next) in zip(misfits, misfits.dropFirst()) { #expect(next < 1.1 * one) }
    #expect(try #require(misfits.last) < 0.01)
    let (same, rest) = try SART(sweeps: 1).reconstruct(
      series, geometry, from: truth, workers: .all)
    #expect(relativeError(of: same.voxels.span, against: truth.voxels.span) < 1e-6)
    #expect(try #require(rest.history.first?.misfit) < 1e-6)
  }

  @Test("an object wider than the view gets neither stripes nor a bright rim")
  func wide() throws {
    let series = TiltSeriesShape(tiltCount: 15, binCount: 40, sliceCount: 1)
    let degrees = tilts(to: 70, step: 10)
    let wide = try TiltGeometry(
      volume: VolumeShape(width: 160, depth: 8, sliceCount: 1), series: series, degrees: degrees)
    let slab = FloatStorage(repeating: 1, count: wide.volume.slabs.count)
    var measured = TiltSeries(zeros: series, tilts: degrees)
    ParallelProjector(wide).apply(slab.span, into: measured.projections.mutableSpan)
    let (volume, _) = try SART(sweeps: 5, relaxation: .constant(1))
      .reconstruct(measured, wide, from: nil, workers: .all)
    let all = (0..<160 * 8).map { volume.voxels.span[$0] }
    #expect(try #require(all.max()) < 1.6 && #require(all.min()) >= 0)
    // Where every tilt sees it, the object is even.
    let middle = (0..<8).flatMap { z in (65..<95).map { volume[$0, 0, z] } }
    #expect(try #require(middle.max()) < 1.1 && #require(middle.min()) > 0.9)
  }

  @Test("voxels outside the support stay zero, even where the start is not")
  func support() throws {
    let geometry = try GoldenSlice.geometry(7)
    var inside = Volume(zeros: geometry.volume)
    for y in 0..<7 { for x in 3..<9 { inside[x, y, y + 2] = 1 } }
    let constraint = try VoxelConstraint(upperBound: 0.5, support: Support(inside))
    let series = try GoldenSlice.noisySeries(7)
    var start = Volume(zeros: geometry.volume)
    for y in 0..<7 { for x in 0..<17 { for z in 0..<14 { start[x, y, z] = 2 } } }
    let methods: [any ReconstructionMethod] = [
      try SART(sweeps: 2, constraint: constraint),
      try SIRT(iterations: 2, relaxation: .constant(1), constraint: constraint),
      try OSSART(iterations: 2, subsets: 3, constraint: constraint),
      try MLEM(iterations: 2, support: Support(inside)),
      try TVSART(SART(sweeps: 2, constraint: constraint)),
    ]
    for method in methods {
      let (volume, report) = try method.reconstruct(
        series, geometry, from: start, workers: .all, monitor: .silent)
      for y in 0..<7 {
        for x in 0..<17 {
          for z in 0..<14 {
            if inside[x, y, z] == 0 { #expect(volume[x, y, z] == 0) }
            if method.name != "mlem" { #expect(volume[x, y, z] <= 0.5) }
          }
        }
      }
      #expect(report.settings["supportVoxels"] == .count(42))
    }
  }

  @Test("settings that cannot work are refused")
  func refused() throws {
    for value: Float in [-1, 0, 2, .infinity] {
      #expect(throws: ReconstructionError.relaxation(value)) {
        try SART(relaxation: .constant(value))
      }
    }
    for factor: Float in [0, -1, 1.5] {
      #expect(throws: AlgebraicError.decay(factor)) {
        try SART(relaxation: .decaying(1, factor: factor))
      }
    }
    #expect(throws: ReconstructionError.iterations(0)) { try SART(sweeps: 0) }
    #expect(throws: AlgebraicError.upperBound(-1)) { try VoxelConstraint(upperBound: -1) }
    let shape = VolumeShape(width: 3, depth: 2, sliceCount: 1)
    #expect(throws: AlgebraicError.support(count: 5, expected: 6)) {
      try Support(everySlice: [Bool](repeating: true, count: 5), of: shape)
    }
    let other = try VoxelConstraint(support: Support(Volume(zeros: shape)))
    #expect(throws: AlgebraicError.support(count: 6, expected: 238)) {
      try SART(constraint: other).reconstruct(
        GoldenSlice.noisySeries(1), GoldenSlice.geometry(1), from: nil, workers: .all)
    }
  }
}
