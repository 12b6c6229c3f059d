import Fields
import Foundation
import Phantoms
import Fusion
import Testing

@Suite struct SeriesDetectorsTests {
  private static let recipe = """
    {"name": "ball", "description": "", "unit": "halfWidth", "size": [24, 24, 24], "objects": [
    {"shape": "sphere", "centre": [0.1, 0, -0.1], "radius": 0.5, "density": 1}]}
    """

  @Test("A ball is fused from many HAADF tilts and few chemical ones of larger pixels")
  func ball() throws {
    let phantom = try Phantom(try PhantomRecipe(Data(Self.recipe.utf8), from: "ball"))
    var haadf = phantom.project(degrees: (0..<31).map { -75 + 5 * Double($0) }, binCount: 24)
    _ = try NoiseModel.poisson(counts: 500, output: .lineIntegrals).apply(to: &haadf, seed: 1)
    let fine = phantom.project(degrees: [-60, -30, 0, 30, 60], binCount: 24)
    let shape = TiltSeriesShape(tiltCount: 5, binCount: 12, sliceCount: 12)
    var counts = TiltSeries(zeros: shape, tilts: fine.tilts)
    for tilt in 0..<5 {
      for y in 0..<12 {
        for bin in 0..<12 {
          counts[tilt, y, bin] =
            (fine[tilt, 2 * y, 2 * bin] + fine[tilt, 2 * y + 1, 2 * bin]
              + fine[tilt, 2 * y, 2 * bin + 1] + fine[tilt, 2 * y + 1, 2 * bin + 1]) / 4
        }
      }
    }
    _ = try NoiseModel.poisson(counts: 20, output: .counts).apply(to: &counts, seed: 2)
    let detectors = SeriesDetectors(
      haadf, [.init(try ChemicalElement("Au"), counts)], depth: 24)
    var fusion = SensorFusion()
    fusion.model = .linear
    let result = try fusion.fuse(try detectors.data())
    let truth = phantom.render().voxels
    func ratio(_ x: FloatStorage) -> Double {
      var (xx, xt, tt) = (0.0, 0.0, 0.0)
      for i in 0..<x.count {
        let (a, t) = (Double(x.span[i]), Double(truth.span[i]))
        (xx, xt, tt) = (xx + a * a, xt + a * t, tt + t * t)
      }
      return (tt / (tt - xt * xt / xx)).squareRoot()
    }
    #expect(result.isConsistent)
    #expect(ratio(result.fused) > 1.3 * ratio(result.denoised))
    #expect(result.fused.span.indices.allSatisfy { result.fused.span[$0] >= 0 })
  }
}
