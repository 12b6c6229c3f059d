import VariationalReconstruction
import Fields
import Foundation
import Phantoms
import Projection
import Reconstruction
import Testing

@Suite("ContrastLimit")
struct ContrastLimitTests {
  /// A ball of radius 3 and density 1 in 24³ voxels, seen on the full range.
  private func run(
    _ lambda: Double
  ) throws -> (mean: Double, limit: Double, warnings: [String]) {
    let text = """
      {"name": "ball", "description": "", "unit": "halfWidth", "size": [24, 24, 24],
       "objects": [{"shape": "sphere", "radius": 0.25, "density": 1}]}
      """
    let phantom = try Phantom(try PhantomRecipe(Data(text.utf8), from: "ball.json"))
    let degrees = (0..<45).map { -88 + 4 * Double($0) }
    let series = phantom.project(degrees: degrees)
    let geometry = try TiltGeometry(
      volume: phantom.volume, series: series.shape, degrees: degrees)
    var method = CompressedSensing()
    (method.strength, method.iterationLimit, method.tolerance) = (.lambda(lambda), 1500, 1e-6)
    let (volume, report) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    let truth = phantom.render()
    var (sum, weight) = (0.0, 0.0)
    for i in truth.voxels.span.indices {
      sum += Double(volume.voxels.span[i]) * Double(truth.voxels.span[i])
      weight += Double(truth.voxels.span[i]) * Double(truth.voxels.span[i])
    }
    guard case .number(let limit) = report.settings["contrastLimit"] else {
      throw CocoaError(.coderValueNotFound)
    }
    return (sum / weight, limit * Self.density(volume), report.warnings)
  }

  /// `Σ x² / Σ x`
  private static func density(_ volume: Volume) -> Double {
    let values = volume.voxels.span
    let squares = values.indices.reduce(0.0) { $0 + Double(values[$1]) * Double(values[$1]) }
    return squares / values.indices.reduce(0.0) { $0 + Double(values[$1]) }
  }

  @Test("a ball loses the contrast that is said to be lost, and vanishes beyond it")
  func loss() throws {
    let weak = try run(6e-2)
    #expect(abs((1 - weak.mean) / weak.limit - 1) < 0.35)
    #expect(weak.limit > 0.1 && weak.limit < 0.3)
    let strong = try run(6e-2 / weak.limit * 2)
    #expect(strong.mean < 0.1)
  }

  @Test("what no prior of edges removes has no limit")
  func others() throws {
    let shape = TiltSeriesShape(tiltCount: 3, binCount: 8, sliceCount: 1)
    var series = TiltSeries(zeros: shape, tilts: [-50, 0, 50])
    for tilt in 0..<3 { series[tilt, 0, 4] = 1 }
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 8, depth: 8, sliceCount: 1), series: shape, degrees: series.tilts)
    var method = CompressedSensing()
    (method.prior, method.strength) = (Prior(.gradient), .lambda(1e-4))
    let report = try method.reconstruct(series, geometry, from: nil, workers: Workers(1)).1
    #expect(report.settings["contrastLimit"] == nil)
  }
}
