import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import Inversion
import Quality
import Reconstruction
import Testing

@Suite struct FitVerdictTests {
  private func tv(_ strength: Strength) -> CompressedSensing {
    var method = CompressedSensing()
    (method.strength, method.iterationLimit) = (strength, 100)
    return method
  }

  @Test(
    "tv with the λ that tilts choose is consistent, and with ten times as much over-regularised")
  func totalVariation() throws {
    let scene = try Scene()
    let (_, report) = try tv(.chosen(.heldOutTilts, noise: nil)).reconstruct(
      scene.series, scene.geometry, from: nil, workers: .all, monitor: .silent)
    let lambda = try #require(report.lambda)
    let good = try scene.judge(tv(.lambda(lambda)))
    let strong = try scene.judge(tv(.lambda(10 * lambda)))
    #expect(good.verdict == .consistent, "\(String(describing: good.fit.overNoise))")
    #expect(strong.verdict == .overRegularised)
    #expect(good.method.character.label == .consistency)
    #expect(try #require(strong.fit.overNoise) > 1.1)
    #expect(try #require(good.prediction?.blurGain) < 0)
  }

  @Test(
    "sirt run far too long on noisy data is under-regularised, and run too briefly the opposite")
  func iterations() throws {
    let scene = try Scene(noise: 0.04)
    let long = try scene.judge(SIRT(iterations: 400))
    #expect(long.verdict == .underRegularised)
    #expect(try #require(long.fit.overNoise) < 0.8)
    #expect(try #require(long.prediction?.blurGain) > 0.03)
    #expect(long.method.character.label == .resolution)
    let brief = try scene.judge(SIRT(iterations: 3))
    #expect(brief.verdict == .overRegularised)
    #expect(
      MethodCharacter(try SIRT(iterations: 3, isNonNegative: true)).label == .consistency)
  }

  @Test(
    "Where the noise differs from tilt to tilt, a good fit is consistent and one that is too strong is not"
  )
  func unequalTilts() throws {
    let scene = try Scene()
    // As factors of 0.6 to 1.6 leave it, in turns.
    let factors = scene.series.tilts.indices.map { 0.6 + 0.25 * Double($0 * 3 % 5) }
    var series = scene.series
    for (t, factor) in factors.enumerated() {
      for y in 0..<16 {
        for i in 0..<64 {
          let noise = series[t, y, i] - scene.clean[t, y, i]
          series[t, y, i] = scene.clean[t, y, i] + Float(factor) * noise
        }
      }
    }
    func judge(_ strength: Strength) throws -> (QualityResult, lambda: Double) {
      let (volume, report) = try tv(strength).reconstruct(
        series, scene.geometry, from: nil, workers: .all, monitor: .silent)
      let lambda = try #require(report.lambda)
      let method = tv(.lambda(lambda))
      let study = try QualityStudy(of: volume, from: series, scene.geometry, method: method)
      return (try study.run().0, lambda)
    }
    let (good, lambda) = try judge(.chosen(.heldOutTilts, noise: nil))
    let (strong, _) = try judge(.lambda(5 * lambda))
    #expect(good.verdict == .consistent, "\(String(describing: good.fit.overNoise))")
    #expect(strong.verdict == .overRegularised)
    // Half the range of the factors is 0.5 of their mean, which must not excuse it.
    let ratio = try #require(strong.fit.overNoise)
    #expect(ratio > 1.1 && ratio < 1.1 + 0.5, "\(ratio)")
  }

  @Test("A noise level that is half of the truth is called understated, not a fault of the method")
  func understated() throws {
    let scene = try Scene(noise: 0.04)
    let method = tv(.lambda(2e-4))
    let (volume, _) = try method.reconstruct(
      scene.series, scene.geometry, from: nil, workers: .all, monitor: .silent)
    var study = try QualityStudy(of: volume, from: scene.series, scene.geometry, method: method)
    study.noise = NoiseLevel(scene.sigma / 2, source: .given, tiltCount: 36)
    #expect(try study.run().0.verdict == .noiseUnderstated)
  }

  @Test("Filtered back-projection is not judged by its residual")
  func direct() throws {
    let result = try Scene().judge(FilteredBackProjection())
    #expect(result.verdict == .direct && result.method.character.label == .resolution)
  }
}
