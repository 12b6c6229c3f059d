import Fields
import Phantoms
import Quality
import TestSupport
import Testing

@Suite("NoiseLevel")
struct NoiseLevelTests {
  @Test("of counts is measured where the vacuum is empty, and every tilt has its own")
  func counts() throws {
    let scene = try Scene()
    var series = scene.clean
    _ = try NoiseModel.poisson(counts: 20, output: .counts).apply(to: &series, seed: 2)
    let level = try #require(NoiseLevel(estimating: series, workers: Workers(2)))
    #expect(level.source == .brightness && level.isEstimated)
    for (tilt, sigma) in level.perTilt.enumerated() {
      var sum = 0.0
      for y in 0..<16 { for bin in 0..<64 { sum += Double(series[tilt, y, bin]) } }
      // A Poisson variable has its mean for variance.
      #expect(abs(sigma / (sum / 1024).squareRoot() - 1) < 0.1, "\(tilt): \(sigma)")
    }
  }

  @Test("is estimated where every tilt holds noise, and unknown where some tilts hide it")
  func estimate() throws {
    let shape = TiltSeriesShape(tiltCount: 5, binCount: 40, sliceCount: 30)
    var series = TiltSeries(zeros: shape, tilts: [-60, -30, 0, 30, 60])
    let values = noise(count: shape.slabs.valueCount, seed: 3)
    for i in 0..<shape.slabs.valueCount {
      let (tilt, rest) = i.quotientAndRemainder(dividingBy: 1200)
      series[tilt, rest / 40, rest % 40] = values.span[i]
    }
    // Uniform noise on −½ … ½ has the standard deviation 0.289.
    let level = try #require(NoiseLevel(estimating: series, workers: Workers(2)))
    #expect(abs(level.sigma - 0.289) < 0.03)
    // A count here and there leaves the middle of all differences at zero.
    for rest in 0..<1200 { series[4, rest / 40, rest % 40] = rest % 97 == 0 ? 1 : 0 }
    #expect(NoiseLevel(estimating: series, workers: Workers(2)) == nil)
  }
}
