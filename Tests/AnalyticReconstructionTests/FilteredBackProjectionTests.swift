import Fields
import AnalyticReconstruction
import Foundation
import Projection
import Reconstruction
import TestSupport
import Testing
import Transforms

@Suite("FilteredBackProjection")
struct FilteredBackProjectionTests {
  /// Golden/fbp.f32 and beyond.f32: made from series.f32 and vacuum.f32 by Golden/make_fbp.py in float64.
  @Test("slices cut by the field and slices in vacuum agree with float64", arguments: [1, 7, 33])
  func golden(sliceCount: Int) throws {
    let degrees = tilts(to: 60, step: 5)
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 33, depth: 29, sliceCount: sliceCount),
      series: TiltSeriesShape(tiltCount: 25, binCount: 41, sliceCount: sliceCount),
      degrees: degrees, axisOffset: 1.25, zOffset: -2.5)
    func floats(_ cut: String, _ whole: String) throws -> [[Float]] {
      [try goldenFloats(cut, in: .module), try goldenFloats(whole, in: .module)]
    }
    let lines = try floats("series.f32", "vacuum.f32")
    var series = TiltSeries(zeros: geometry.series, tilts: degrees)
    for i in lines[0].indices {
      for y in 0..<sliceCount { series[i / 41, y, i % 41] = Float(y + 1) * lines[y % 2][i] }
    }
    let (volume, _) = try FilteredBackProjection()
      .reconstruct(series, geometry, from: nil, workers: Workers(2))
    let golden = try floats("fbp.f32", "beyond.f32")
    var expected = Volume(zeros: geometry.volume)
    for i in golden[0].indices {
      for y in 0..<sliceCount { expected[i % 33, y, i / 33] = Float(y + 1) * golden[y % 2][i] }
    }
    // Padding lanes are compared too: they are zero.
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 2e-6)
  }

  @Test("the full scale multiplies by 180° over the range")
  func fullScale() throws {
    let (series, geometry) = try blob(tilts(to: 70, step: 2))
    func values(_ scale: FilteredBackProjection.Scale) throws -> FloatStorage {
      try FilteredBackProjection(scale: scale)
        .reconstruct(series, geometry, from: nil, workers: .all).0.voxels
    }
    let (measured, full) = (try values(.measured), try values(.full))
    let scaled = FloatStorage((0..<1024).map { measured.span[$0] * 180 / 140 })
    #expect(relativeError(of: full.span, against: scaled.span) < 1e-6)
  }

  @Test("it reports one direct pass without a history, and its settings")
  func report() throws {
    let (series, geometry) = try blob([0, 90])
    let (_, report) = try FilteredBackProjection(window: .hann, cutoff: 0.8, scale: .full)
      .reconstruct(series, geometry, from: nil, workers: .all)
    #expect(report.method == "fbp")
    #expect(report.iterations == 1 && report.history.isEmpty && report.stopReason == .direct)
    #expect(
      report.settings == [
        "window": .text("hann"), "cutoff": .number(0.8), "fbpScale": .text("full"),
      ])
  }

  @Test("a start volume is refused")
  func start() throws {
    let (series, geometry) = try blob([0, 90])
    #expect(throws: ReconstructionError.startNotUsed("fbp")) {
      try FilteredBackProjection().reconstruct(
        series, geometry, from: Volume(zeros: geometry.volume), workers: .all)
    }
  }

  @Test("a cut-off that is no fraction of Nyquist is refused")
  func cutoff() throws {
    let (series, geometry) = try blob([0, 90])
    #expect(throws: TransformError.cutoff(2)) {
      try FilteredBackProjection(cutoff: 2)
        .reconstruct(series, geometry, from: nil, workers: .all)
    }
  }

  private func blob(_ degrees: [Double]) throws -> (TiltSeries, TiltGeometry) {
    let shape = TiltSeriesShape(tiltCount: degrees.count, binCount: 32, sliceCount: 1)
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 32, depth: 32, sliceCount: 1), series: shape, degrees: degrees)
    return (Blob(x: 2, z: -3, sigma: 3).project(shape, degrees: degrees), geometry)
  }
}
