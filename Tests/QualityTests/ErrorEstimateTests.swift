import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import Foundation
import Phantoms
import Projection
import Quality
import Reconstruction
import TestSupport
import Testing

@Suite("ErrorEstimate")
struct ErrorEstimateTests {
  /// Residual y − Hx of TiltResidualsTests, for some of its tilts.
  private func power(_ tilts: [Int]) -> ErrorEstimate.Power {
    let shape = TiltSeriesShape(tiltCount: tilts.count, binCount: 7, sliceCount: 5)
    var series = [0, 1].map { _ in TiltSeries(zeros: shape, tilts: tilts.map(Double.init)) }
    for (place, t) in tilts.enumerated() {
      for j in 0..<5 {
        for i in 0..<7 {
          series[0][place, j, i] = Float((3 * t + 5 * j + 7 * i + i * j) % 11)
          series[1][place, j, i] = Float((2 * t + 3 * j + i * j) % 7)
        }
      }
    }
    return ErrorEstimate.Power(
      of: series[0], predictedBy: series[1].projections, sigmas: tilts.map { Double($0 + 1) },
      workers: Workers(2))
  }

  @Test("Ramp-weighted power and the sum of its parts agree with numpy in double precision")
  func golden() throws {
    let golden = try goldenDoubles("power.f64", in: .module)
    let all = power([0, 1, 2])
    #expect(abs(all.left / golden[0] - 1) < 1e-5 && abs(all.noise / golden[1] - 1) < 1e-12)
    let estimate = ErrorEstimate(
      fifth: power([0, 1]), outermost: power([2]), difference: 0.5, part: 0.8,
      shape: VolumeShape(width: 6, depth: 4, sliceCount: 5), isSigmaEstimated: true)
    let found = [
      try #require(estimate.total), estimate.sampled, estimate.wedge, estimate.noise,
      estimate.floor, estimate.overNoise,
    ]
    for (value, expected) in zip(found, golden[2...]) {
      #expect(abs(value / expected - 1) < 1e-4, "\(value), \(expected)")
    }
    let whole = ErrorEstimate(
      fifth: power([0, 1]), outermost: nil, difference: 0.5, part: 0.8,
      shape: VolumeShape(width: 6, depth: 4, sliceCount: 5), isSigmaEstimated: false)
    #expect(whole.wedge == 0 && whole.floor == 0 && whole.sampled > estimate.sampled)
  }

  @Test(
    "The best reconstruction has the lowest prediction, the worst the highest, and estimates are near errors"
  )
  func truth() throws {
    let scene = try Scene(noise: 0.03)
    let recipe = try PhantomRecipe(
      reading: packageFolder.appending(path: "phantoms/particles.json").path)
    let truth = try Phantom(recipe, volume: scene.geometry.volume).render()
    func fit(_ lambda: Double) -> CompressedSensing {
      var method = CompressedSensing()
      (method.strength, method.iterationLimit) = (.lambda(lambda), 60)
      return method
    }
    let methods: [any ReconstructionMethod] = [
      fit(3e-4), fit(3e-3), try SIRT(iterations: 30), FilteredBackProjection(scale: .full),
    ]
    var pairs: [(error: Double, over: Double)] = []
    for method in methods {
      let (volume, _) = try method.reconstruct(
        scene.series, scene.geometry, from: nil, workers: .all, monitor: .silent)
      let prediction = try #require(try scene.judge(volume, method).0.prediction)
      var sum = 0.0
      for z in 0..<64 {
        for y in 0..<16 {
          for x in 0..<64 {
            let difference = Double(volume[x, y, z]) - Double(truth[x, y, z])
            sum += difference * difference
          }
        }
      }
      let error = (sum / Double(64 * 64 * 16)).squareRoot()
      let estimate = try #require(prediction.error?.total)
      #expect((0.7...1.6).contains(estimate / error), "\(method.name): \(estimate), \(error)")
      pairs.append((error, try #require(prediction.overNoise)))
    }
    let (byError, byPrediction) = (pairs.map(\.error), pairs.map(\.over))
    #expect(byError.min() == byError[0] && byPrediction.min() == byPrediction[0], "\(pairs)")
    #expect(byError.max() == byError[3] && byPrediction.max() == byPrediction[3])
    #expect(byPrediction[0] >= 1)
  }

  @Test("Where the field cuts the object the order is that of the residual of left-out tilts")
  func cut() throws {
    let scene = try Scene()
    let method = try SIRT(iterations: 5)
    let whole = try scene.judge(method)
    let prediction = try #require(whole.prediction)
    #expect(!whole.extent.isCut && prediction.overNoise == prediction.error?.overNoise)

    // The middle 28 of 64 bins.
    let shape = TiltSeriesShape(tiltCount: 36, binCount: 28, sliceCount: 16)
    var series = TiltSeries(zeros: shape, tilts: scene.series.tilts)
    for t in 0..<36 {
      for y in 0..<16 { for i in 0..<28 { series[t, y, i] = scene.series[t, y, i + 18] } }
    }
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 28, depth: 28, sliceCount: 16), series: shape,
      degrees: series.tilts)
    let (volume, _) = try method.reconstruct(series, geometry, from: nil, workers: .all)
    var study = try QualityStudy(of: volume, from: series, geometry, method: method)
    study.noise = NoiseLevel(scene.sigma, source: .given, tiltCount: 36)
    let result = try study.run().0
    let cut = try #require(result.prediction)
    let ratios = cut.tilts.compactMap(\.overNoise)
    let mean = ratios.reduce(0) { $0 + $1 * $1 } / Double(ratios.count)
    #expect(result.extent.isCut && ratios.count == 7)
    #expect(abs(try #require(cut.overNoise) / mean.squareRoot() - 1) < 1e-12)
    #expect(cut.overNoise != cut.error?.overNoise)
  }
}
