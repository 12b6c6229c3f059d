import VariationalReconstruction
import Fields
import Foundation
import Inversion
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("StrengthChoice")
struct StrengthChoiceTests {
  /// Two levels, 32 × 9 × 32 voxels, 24 tilts with noise of standard deviation 0.3.
  static func problem() throws -> (truth: Volume, series: TiltSeries, geometry: TiltGeometry) {
    let text = """
      {"name": "test", "description": "", "unit": "halfWidth", "size": [32, 9, 32],
       "objects": [{"shape": "ellipsoid", "semiAxes": [0.6, 0.5, 0.5], "density": 1},
                   {"shape": "cube", "centre": [0.2, 0, 0.1], "edge": 0.3, "density": 0.5}]}
      """
    let phantom = try Phantom(try PhantomRecipe(Data(text.utf8), from: "test.json"))
    let degrees: [Double] = Array(stride(from: -69, through: 69, by: 6))
    var series = phantom.project(degrees: degrees)
    _ = try NoiseModel.gaussian(sigma: 0.3).apply(to: &series, seed: 4)
    let geometry = try TiltGeometry(
      volume: phantom.volume, series: series.shape, degrees: degrees)
    return (phantom.render(), series, geometry)
  }

  func run(
    _ strength: Strength, _ change: (inout CompressedSensing) -> Void = { _ in }
  ) throws -> (error: Double, report: ReconstructionReport) {
    let (truth, series, geometry) = try Self.problem()
    var method = CompressedSensing()
    method.strength = strength
    change(&method)
    let (volume, report) = try method.reconstruct(
      series, geometry, from: nil, workers: Workers(2))
    return (relativeError(of: volume.voxels.span, against: truth.voxels.span), report)
  }

  @Test(
    "the chosen λ is hardly worse than the best on a grid",
    arguments: [ChoiceRule.heldOutTilts, .discrepancy])
  func nearTheBest(rule: ChoiceRule) throws {
    let best = try [3e-4, 1e-3, 3e-3, 1e-2].map { try run(.lambda($0)).error }.min() ?? 0
    let (error, report) = try run(.chosen(rule, noise: 0.3))
    let slack = rule == .heldOutTilts ? 1.15 : 1.35
    #expect(error < slack * best)
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    #expect(choice.choice.rule == rule)
    #expect(report.lambda == choice.choice.lambda)
    #expect(choice.choice.trials.count >= 3)
    #expect(choice.tiltErrors.count == 24)
  }

  @Test("without a rule, 24 tilts are chosen for by prediction, and the noise is estimated")
  func standardRule() throws {
    let report = try run(.chosen(nil, noise: nil)).report
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    #expect(choice.choice.rule == .heldOutTilts)
    #expect(choice.tiltErrors.filter(\.isHeldOut).count == 14)
    #expect(abs(try #require(choice.noise) / 0.3 - 1) < 0.25)
    #expect(choice.choice.verdicts[.discrepancy] != nil)
  }

  @Test("fewer than 20 tilts are chosen for by a compromise, by prediction where no noise is known")
  func fewerTilts() throws {
    let (_, series, geometry) = try Self.problem()
    let chosen = Array(stride(from: 0, to: 24, by: 2))
    var part = TiltSeries(
      zeros: series.shape.subset(tiltCount: 12), tilts: chosen.map { series.tilts[$0] })
    for (place, tilt) in chosen.enumerated() {
      for y in 0..<9 { for bin in 0..<32 { part[place, y, bin] = series[tilt, y, bin] } }
    }
    var method = CompressedSensing()
    method.strength = .chosen(nil, noise: 0.3)
    let (_, report) = try method.reconstruct(
      part, geometry.subset(of: chosen), from: nil, workers: Workers(2))
    let choice = try #require(report.lambdaChoice as? StrengthChoice).choice
    #expect(choice.rule == .compromise)
    let (p, n) = (
      try #require(choice.verdicts[.heldOutTilts]), try #require(choice.verdicts[.discrepancy])
    )
    #expect(choice.lambda > min(p, n) / 1.5 && choice.lambda < max(p, n) * 1.5)
  }

  @Test("noise that a silent vacuum contradicts is refused, and tilts are predicted instead")
  func contradictedNoise() throws {
    var (_, series, geometry) = try Self.problem()
    // Noise on the object alone, and alike on its slope, as that of counts is not.
    var state: UInt64 = 9
    for tilt in 0..<24 {
      for y in 0..<9 {
        for bin in 0..<32 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let sign: Float = state >> 63 == 0 ? 1 : -1
          series[tilt, y, bin] = (6..<26).contains(bin) ? Float(2 * bin) + sign : 0
        }
      }
    }
    var method = CompressedSensing()
    method.strength = .chosen(.discrepancy, noise: nil)
    let (_, report) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    #expect(choice.choice.rule == .heldOutTilts)
    #expect(choice.noise == nil)
    #expect(report.warnings.contains { $0.contains("dark parts") })
  }

  @Test("a spoilt projection raises an alarm that names its tilt")
  func badTilt() throws {
    var (_, series, geometry) = try Self.problem()
    for y in 0..<9 { for bin in 0..<32 { series[12, y, bin] += bin.isMultiple(of: 2) ? 6 : -6 } }
    var method = CompressedSensing()
    method.strength = .chosen(.discrepancy, noise: 0.3)
    let (_, report) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    #expect(report.warnings.contains { $0.contains("at 3.0°") })
  }

  @Test("gcv works for the linear method, and is refused with positivity or tv")
  func gcv() throws {
    #expect(throws: ChoiceError.self) { try run(.chosen(.gcv, noise: nil)) }
    #expect(throws: ChoiceError.self) {
      try run(.chosen(.gcv, noise: nil)) { $0.prior = Prior(.gradient) }
    }
    let report = try run(.chosen(.gcv, noise: nil)) {
      $0.prior = Prior(.gradient)
      $0.isNonNegative = false
    }.report
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    let freedoms = choice.choice.trials.sorted { $0.lambda < $1.lambda }.compactMap(
      \.degreesOfFreedom)
    #expect(freedoms.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(zip(freedoms, freedoms.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("held-out tilts are refused where there are too few to leave one out")
  func fewTilts() throws {
    let (_, series, geometry) = try Self.problem()
    let few = [0, 8, 16, 23]
    var method = CompressedSensing()
    method.strength = .chosen(.heldOutTilts, noise: nil)
    var part = TiltSeries(
      zeros: series.shape.subset(tiltCount: 4), tilts: few.map { series.tilts[$0] })
    for (place, tilt) in few.enumerated() {
      for y in 0..<9 { for bin in 0..<32 { part[place, y, bin] = series[tilt, y, bin] } }
    }
    #expect(throws: ChoiceError.tooFewTilts(4, needed: 5)) {
      try method.reconstruct(
        part, geometry.subset(of: few), from: nil, workers: Workers(2))
    }
    method.strength = .chosen(nil, noise: 0.3)
    let (_, report) = try method.reconstruct(
      part, geometry.subset(of: few), from: nil, workers: Workers(2))
    #expect((report.lambdaChoice as? StrengthChoice)?.choice.rule == .discrepancy)
  }

  @Test("padding lanes do not change what a strength means for counts")
  func paddedCounts() throws {
    let strengths = try [8, 9].map { slices in
      let shape = TiltSeriesShape(tiltCount: 5, binCount: 12, sliceCount: slices)
      var series = TiltSeries(zeros: shape, tilts: [-60, -30, 0, 30, 60])
      for tilt in 0..<5 {
        for y in 0..<slices { for bin in 3..<9 { series[tilt, y, bin] = Float(4 + bin) } }
      }
      let geometry = try TiltGeometry(
        volume: VolumeShape(width: 12, depth: 12, sliceCount: slices), series: shape,
        degrees: series.tilts)
      var method = CompressedSensing()
      (method.fidelity, method.strength) = (.poisson(background: 0), .lambda(1e-2))
      (method.prior, method.iterationLimit) = (Prior(.l1), 2)
      let report = try method.reconstruct(
        series, geometry, from: nil, workers: Workers(1)
      ).1
      return report.settings["mu"]
    }
    guard case .number(let eight) = strengths[0], case .number(let nine) = strengths[1] else {
      Issue.record("no strength was recorded")
      return
    }
    #expect(abs(eight / nine - 1) < 1e-5)
  }

  @Test("a tilt of weight zero is neither predicted nor counted")
  func weightless() throws {
    var (_, series, geometry) = try Self.problem()
    for y in 0..<9 { for bin in 0..<32 { series[12, y, bin] += 50 } }
    var method = CompressedSensing()
    method.strength = .chosen(.heldOutTilts, noise: 0.3)
    method.tiltWeights = (0..<24).map { $0 == 12 ? 0 : 1 }
    let (_, report) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    let choice = try #require(report.lambdaChoice as? StrengthChoice)
    #expect(choice.tiltErrors.contains { $0.tilt == series.tilts[12] && !$0.isHeldOut })
    #expect(choice.choice.trials.allSatisfy { ($0.heldOut ?? 9) < 2 && $0.residual < 2 })
  }

  @Test("both solvers find the same image")
  func solvers() throws {
    let (_, series, geometry) = try Self.problem()
    var method = CompressedSensing()
    (method.strength, method.iterationLimit, method.tolerance) = (.lambda(1e-3), 400, 1e-6)
    let first = try method.reconstruct(series, geometry, from: nil, workers: Workers(2)).0
    method.solver = .fista
    let second = try method.reconstruct(series, geometry, from: nil, workers: Workers(2)).0
    #expect(relativeError(of: second.voxels.span, against: first.voxels.span) < 0.02)
  }
}
