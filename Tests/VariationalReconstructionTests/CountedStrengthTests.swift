import VariationalReconstruction
import Fields
import Foundation
import Inversion
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("Strength for counts")
struct CountedStrengthTests {
  /// Two levels, 32 × 12 × 32 voxels, and counts over no background.
  private struct Case {
    let truth: Volume
    let series: TiltSeries
    let geometry: TiltGeometry
    let countsPerUnit: Double

    /// - Parameter counts: at the brightest pixel.
    init(counts: Double, tilts: Int) throws {
      let text = """
        {"name": "test", "description": "", "unit": "halfWidth", "size": [32, 12, 32],
         "objects": [{"shape": "ellipsoid", "semiAxes": [0.6, 0.5, 0.5], "density": 1},
                     {"shape": "cube", "centre": [0.2, 0, 0.1], "edge": 0.3, "density": 0.8}]}
        """
      let phantom = try Phantom(try PhantomRecipe(Data(text.utf8), from: "test.json"))
      let degrees = (0..<tilts).map { -69 + 138 * Double($0) / Double(tilts - 1) }
      var series = phantom.project(degrees: degrees)
      let report = try NoiseModel.poisson(counts: counts, output: .counts)
        .apply(to: &series, seed: 4)
      (truth, self.series) = (phantom.render(), series)
      countsPerUnit = try #require(report.countsPerUnit)
      geometry = try TiltGeometry(volume: phantom.volume, series: series.shape, degrees: degrees)
    }

    func run(
      _ strength: Strength, _ change: (inout CompressedSensing) -> Void = { _ in }
    ) throws -> (error: Double, report: ReconstructionReport) {
      var method = CompressedSensing()
      (method.strength, method.fidelity) = (strength, .poisson(background: 0))
      change(&method)
      var (volume, report) = try method.reconstruct(
        series, geometry, from: nil, workers: Workers(2))
      var voxels = volume.voxels.mutableSpan
      for i in voxels.indices { voxels[i] /= Float(countsPerUnit) }
      return (relativeError(of: volume.voxels.span, against: truth.voxels.span), report)
    }
  }

  @Test(
    "λ for few counts comes within 15 % of the best of a grid, and no tilt is blamed",
    arguments: [(0.3, 31), (1, 31), (1, 15)])
  func nearTheBest(counts: Double, tilts: Int) throws {
    let problem = try Case(counts: counts, tilts: tilts)
    let best = try (-3...4).map { try problem.run(.lambda(1e-2 * pow(1.5, Double($0)))).error }
    let (error, report) = try problem.run(.chosen(nil, noise: nil))
    #expect(error < 1.15 * (best.min() ?? 0))
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    #expect(choice.choice.rule == .heldOutTilts)
    #expect(!report.warnings.contains { $0.contains("misaligned") })
    // Noise alone rules what is left of a good prediction.
    let near = choice.choice.trials.min {
      abs($0.lambda - choice.choice.lambda) < abs($1.lambda - choice.choice.lambda)
    }
    let (found, expected) = (try #require(near?.heldOut), try #require(near?.heldOutNoise))
    #expect(found / expected > 0.97 && found / expected < 1.1)
  }

  @Test("few tilts are predicted in turns, each but the ends once")
  func turns() throws {
    let report = try Case(counts: 3, tilts: 12).run(.chosen(nil, noise: nil)).report
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    #expect(
      choice.tiltErrors.map(\.isHeldOut) == [false] + Array(repeating: true, count: 10) + [false])
  }

  @Test("150 iterations under a strong prior come within 3 % of 2400")
  func settled() throws {
    let problem = try Case(counts: 0.3, tilts: 15)
    let errors = try [150, 2400].map { limit in
      try problem.run(.lambda(1e-2)) { ($0.iterationLimit, $0.tolerance) = (limit, 0) }.error
    }
    #expect(abs(errors[0] / errors[1] - 1) < 0.03)
  }

  @Test("a Gaussian fit of counts knows their noise, with and without being told")
  func gaussian() throws {
    let problem = try Case(counts: 3, tilts: 31)
    let mean =
      problem.series.projections.span.indices.reduce(0.0) {
        $0 + Double(problem.series.projections.span[$1])
      } / Double(problem.series.shape.slabs.valueCount)
    for isTold in [false, true] {
      let report = try problem.run(.chosen(nil, noise: nil)) {
        ($0.fidelity, $0.measuresCounts) = (.gaussian, isTold)
      }.report
      let choice = try #require(report.lambdaChoice as? StrengthChoice)
      #expect(abs(try #require(choice.noise) / mean.squareRoot() - 1) < (isTold ? 1e-6 : 0.15))
      #expect(choice.noiseSource.contains(isTold ? "mean" : "brightness"))
    }
  }
}
