import Fields
import Foundation
import Phantoms
import Fusion
import Testing

@Suite struct ProjectionLawTests {
  /// A plate on edge: three times as much matter at 60° as at −30°.
  private static let recipe = """
    {"name": "plate", "description": "", "unit": "halfWidth", "size": [32, 32, 32], "objects": [
    {"shape": "ellipsoid", "centre": [0, 0, 0], "semiAxes": [0.7, 0.5, 0.2], "density": 1}]}
    """

  /// - Parameter damping: `κ u` where the projection is largest.
  private func result(damping: Float) throws -> FusionResult {
    let phantom = try Phantom(try PhantomRecipe(Data(Self.recipe.utf8), from: "plate"))
    let tilts = (0..<36).map { -70 + 4 * Double($0) }
    var haadf = phantom.project(degrees: tilts, binCount: 32)
    var most: Float = 0
    for tilt in tilts.indices {
      for y in 0..<32 { for bin in 0..<32 { most = max(most, haadf[tilt, y, bin]) } }
    }
    for tilt in tilts.indices {
      for y in 0..<32 {
        for bin in 0..<32 { haadf[tilt, y, bin] *= 1 - damping * haadf[tilt, y, bin] / most }
      }
    }
    _ = try NoiseModel.poisson(counts: 2000, output: .lineIntegrals).apply(to: &haadf, seed: 1)
    var counts = phantom.project(degrees: (0..<8).map { -70 + 20 * Double($0) }, binCount: 32)
    _ = try NoiseModel.poisson(counts: 10, output: .counts).apply(to: &counts, seed: 2)
    var fusion = SensorFusion()
    (fusion.model, fusion.iterationLimit) = (.linear, 20)
    return try fusion.fuse(
      try SeriesDetectors(haadf, [.init(try ChemicalElement("Au"), counts)], depth: 32).data())
  }

  @Test("HAADF that saturates by 15 % is told with its size")
  func damped() throws {
    let result = try result(damping: 0.15)
    let law = try #require(result.projectionLaw)
    #expect(law.isBroken && abs(law.damping - 0.15) < 0.03)
    #expect(law.error < 0.02)
    #expect(result.notes.contains { $0.contains("below the projection law") })
  }

  @Test("HAADF that follows the law gives no note, and images none either")
  func lawful() throws {
    let result = try result(damping: 0)
    let law = try #require(result.projectionLaw)
    #expect(!law.isBroken && abs(law.damping) < 3.5 * law.error)
    #expect(!result.notes.contains { $0.contains("below the projection law") })
    let image = try SensorFusion().fuse(try FusionScene(.single, size: 48).detectors().data())
    #expect(image.projectionLaw == nil)
  }
}
