import AlgebraicReconstruction
import Fields
import Foundation
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("SIRT")
struct SIRTTests {
  /// Golden/sirt.f32 and history.f32: made from series.f32 by Golden/make_sirt.py in float64.
  @Test(
    "twenty iterations agree with a dense float64 matrix among 1, 7 and 33 slices",
    arguments: [1, 7, 33], [(0, 1, false), (1, 1, true), (2, 1.5, false), (3, 1.5, true)])
  func golden(sliceCount: Int, variant: (index: Int, relaxation: Float, isNonNegative: Bool))
    throws
  {
    let (series, geometry) = try goldenSeries(sliceCount)
    let method = try SIRT(
      iterations: 20, relaxation: variant.relaxation, isNonNegative: variant.isNonNegative)
    let (volume, report) = try method.reconstruct(
      series, geometry, from: nil, workers: Workers(2))
    let golden = try goldenFloats("sirt.f32", in: .module)
    var expected = Volume(zeros: geometry.volume)
    for i in 0..<17 * 14 {
      for y in 0..<sliceCount {
        expected[i % 17, y, i / 17] = Float(y + 1) * golden[variant.index * 17 * 14 + i]
      }
    }
    // Padding lanes are compared too: they are zero.
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 1e-5)
    let history = try goldenFloats("history.f32", in: .module).map(Double.init)
    // Slice y holds y + 1 times the golden one.
    let scale = (1...sliceCount).reduce(0.0) { $0 + Double($1 * $1) } / Double(sliceCount)
    #expect(report.history.count == 20 && report.iterations == 20)
    for (k, entry) in report.history.enumerated() {
      let row = history[(variant.index * 20 + k) * 3..<(variant.index * 20 + k + 1) * 3]
      let found = try [
        #require(entry.misfit), #require(entry.residual) / scale.squareRoot(),
        #require(entry.relativeChange),
      ]
      #expect(entry.iteration == k + 1)
      for (one, other) in zip(found, row) { #expect(abs(one / other - 1) < 1e-4) }
    }
  }

  @Test(
    "the misfit falls from iteration to iteration", arguments: RayModel.allCases, [0.3, 1, 1.9])
  func monotonic(rays: RayModel, relaxation: Float) throws {
    let (series, geometry) = try goldenSeries(7)
    let method = try SIRT(iterations: 60, relaxation: relaxation, rays: rays)
    let (_, report) = try method.reconstruct(series, geometry, from: nil, workers: .all)
    let misfits = report.history.compactMap(\.misfit)
    #expect(misfits.count == 60 && abs(misfits[0] - 1) < 1e-6)
    for (one, next) in zip(misfits, misfits.dropFirst()) { #expect(next < one) }
  }

  @Test("it ends at the first relative change below the level")
  func settled() throws {
    let fixed = try run(SIRT(iterations: 30))
    let changes = fixed.report.history.compactMap(\.relativeChange)
    let level = (changes[10] + changes[11]) / 2
    let stopped = try run(SIRT(iterations: 30, stopRule: StopRule(relativeChange: level)))
    #expect(stopped.report.stopReason == .settled)
    #expect(stopped.report.history == Array(fixed.report.history.prefix(12)))
    #expect(try areIdentical(stopped.volume.voxels, run(SIRT(iterations: 12)).volume.voxels))
  }

  @Test("it ends at the first residual that is no larger than the noise")
  func noiseReached() throws {
    let fixed = try run(SIRT(iterations: 30))
    let residuals = fixed.report.history.compactMap(\.residual)
    let stopped = try run(SIRT(iterations: 30, stopRule: StopRule(noise: residuals[8])))
    #expect(stopped.report.stopReason == .noiseReached)
    #expect(stopped.report.history == Array(fixed.report.history.prefix(9)))
    #expect(try areIdentical(stopped.volume.voxels, run(SIRT(iterations: 9)).volume.voxels))
  }

  @Test("levels that are not reached end it at the limit")
  func limit() throws {
    let rule = try StopRule(relativeChange: 1e-9, noise: 1e-9)
    let (_, report) = try run(SIRT(iterations: 5, stopRule: rule))
    #expect(report.stopReason == .iterationLimit && report.iterations == 5)
    #expect(try run(SIRT(iterations: 1)).report.stopReason == .iterationLimit)
  }

  @Test("settings that cannot converge are refused")
  func refused() {
    for value: Float in [-1, 0, 2, 3, .nan, .infinity] {
      #expect { try SIRT(relaxation: value) } throws: { error in
        if case ReconstructionError.relaxation = error { true } else { false }
      }
    }
    for count in [0, -3] {
      #expect(throws: ReconstructionError.iterations(count)) { try SIRT(iterations: count) }
    }
  }

  @Test("started at the truth it stays there")
  func truth() throws {
    let (_, geometry) = try goldenSeries(7)
    var truth = Volume(zeros: geometry.volume)
    for z in 4..<10 { for y in 0..<7 { for x in 5..<12 { truth[x, y, z] = Float(x * z + y) } } }
    var series = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    ParallelProjector(geometry).apply(
      truth.voxels.span, into: series.projections.mutableSpan)
    let (volume, report) = try SIRT(iterations: 20)
      .reconstruct(series, geometry, from: truth, workers: .all)
    #expect(relativeError(of: volume.voxels.span, against: truth.voxels.span) < 1e-6)
    #expect(try #require(report.history.first?.misfit) < 1e-6)
  }

  @Test("two runs of ten are one of twenty")
  func continued() throws {
    let (series, geometry) = try goldenSeries(7)
    let ten = try run(SIRT(iterations: 10)).volume
    let more = try SIRT(iterations: 10)
      .reconstruct(series, geometry, from: ten, workers: .all).0
    #expect(try areIdentical(more.voxels, run(SIRT(iterations: 20)).volume.voxels))
  }

  @Test("the mass of a blob is found and does not drift", arguments: [10, 50, 250])
  func mass(iterations: Int) throws {
    let shape = TiltSeriesShape(tiltCount: 90, binCount: 47, sliceCount: 1)
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 32, depth: 32, sliceCount: 1), series: shape, degrees: fullRange)
    let blob = Blob(x: 1.5, z: -2.25, sigma: 2)
    let (volume, _) = try SIRT(iterations: iterations).reconstruct(
      blob.project(shape, degrees: fullRange), geometry, from: nil, workers: .all)
    let sum = volume.voxels.span.indices.reduce(0.0) { $0 + Double(volume.voxels.span[$1]) }
    #expect(abs(sum / blob.mass - 1) < 1e-3)
  }

  @Test("voxels that no ray meets keep their start, and rays that meet no voxel do nothing")
  func unseen() throws {
    let shape = TiltSeriesShape(tiltCount: 1, binCount: 10, sliceCount: 1)
    let wide = try TiltGeometry(
      volume: VolumeShape(width: 30, depth: 4, sliceCount: 1), series: shape, degrees: [0])
    var start = Volume(zeros: wide.volume)
    for x in 0..<30 { for z in 0..<4 { start[x, 0, z] = 5 } }
    var series = TiltSeries(zeros: shape, tilts: [0])
    for bin in 0..<10 { series[0, 0, bin] = 8 }
    let (volume, _) = try SIRT(iterations: 3)
      .reconstruct(series, wide, from: start, workers: .all)
    for x in 0..<30 {
      for z in 0..<4 { #expect(volume[x, 0, z] == (10..<20 ~= x ? 2 : 5)) }
    }
    let narrow = try TiltGeometry(
      volume: VolumeShape(width: 4, depth: 4, sliceCount: 1), series: shape, degrees: [0])
    let (small, report) = try SIRT(iterations: 3)
      .reconstruct(series, narrow, from: nil, workers: .all)
    #expect((0..<16).allSatisfy { small.voxels.span[$0] == 2 })
    #expect(report.history.last?.residual == (6.0 * 64 / 10).squareRoot())
  }

  @Test("a series of zeros gives zeros, and no misfit")
  func zeros() throws {
    let (series, geometry) = try goldenSeries(1)
    let (volume, report) = try SIRT(iterations: 2).reconstruct(
      TiltSeries(zeros: series.shape, tilts: series.tilts), geometry, from: nil, workers: .all)
    #expect(volume.voxels.span.indices.allSatisfy { volume.voxels.span[$0] == 0 })
    #expect(report.history.allSatisfy { $0.misfit == nil && $0.relativeChange == nil })
  }

  @Test("its settings name everything that changes the result")
  func settings() throws {
    let method = try SIRT(
      iterations: 7, relaxation: 0.5, isNonNegative: true,
      stopRule: StopRule(relativeChange: 1e-4, noise: 2), rays: .strip)
    #expect(
      method.settings == [
        "iterationLimit": .count(7), "relaxation": .number(0.5), "nonNegative": .flag(true),
        "rays": .text("strip"), "stopChange": .number(1e-4), "noise": .count(2),
      ])
  }

  // MARK: - The golden slice

  static let degrees = tilts(to: 65, step: 10)

  /// Slice y holds y + 1 times the golden sinogram.
  func goldenSeries(_ sliceCount: Int) throws -> (TiltSeries, TiltGeometry) {
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 17, depth: 14, sliceCount: sliceCount),
      series: TiltSeriesShape(tiltCount: 14, binCount: 21, sliceCount: sliceCount),
      degrees: Self.degrees, axisOffset: 0.75, zOffset: -1.5)
    var series = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    for (i, value) in try goldenFloats("series.f32", in: .module).enumerated() {
      for y in 0..<sliceCount { series[i / 21, y, i % 21] = Float(y + 1) * value }
    }
    return (series, geometry)
  }

  func run(_ method: SIRT) throws -> (volume: Volume, report: ReconstructionReport) {
    let (series, geometry) = try goldenSeries(7)
    return try method.reconstruct(series, geometry, from: nil, workers: .all)
  }

}
