import Fields
import Foundation
import Inversion
import Testing

@Suite("CountingNoise")
struct CountingNoiseTests {
  /// A dome of `peak` counts in five tilts of 48 slices × 64 bins, some of it vacuum, times `gain` and on a `level`.
  private func dome(peak: Double, vacuum: Double, gain: Double, level: Double) -> (
    series: TiltSeries, means: [Double]
  ) {
    let shape = TiltSeriesShape(tiltCount: 5, binCount: 64, sliceCount: 48)
    var series = TiltSeries(zeros: shape, tilts: [-40, -20, 0, 20, 40])
    var (random, means) = (Counts(state: 7), [0.0, 0, 0, 0, 0])
    for tilt in 0..<5 {
      for y in 0..<48 {
        for bin in 0..<64 {
          let square = Double((bin - 30) * (bin - 30) + (y - 24) * (y - 24)) / 400
          let mean = vacuum + peak * (1 + 0.2 * Double(tilt)) * max(0, 1 - square)
          means[tilt] += mean / (48 * 64)
          series[tilt, y, bin] = Float(level + gain * Double(random.next(mean)))
        }
      }
    }
    return (series, means)
  }

  @Test(
    "Gain and noise of counts come back, whatever their unit and level, with an empty vacuum",
    arguments: [
      (30.0, 3.0, 2.5, 40.0), (30, 0, 1, 0), (200, 20, 0.01, 0), (3, 0, 1, 0), (0.5, 0, 4, 0),
    ])
  func counts(peak: Double, vacuum: Double, gain: Double, level: Double) throws {
    let (series, means) = dome(peak: peak, vacuum: vacuum, gain: gain, level: level)
    let noise = try #require(CountingNoise(measuring: series, workers: Workers(2)))
    #expect(abs(noise.gain / gain - 1) < 0.15, "\(noise.gain)")
    // A Poisson variable has its mean for variance.
    for (found, mean) in zip(noise.perTilt(of: series), means) {
      #expect(abs(found / (gain * mean.squareRoot()) - 1) < 0.08, "\(found)")
    }
    #expect(noise == CountingNoise(measuring: series, workers: Workers(1)))
  }

  @Test("Noise that is alike at every brightness is not taken for that of counts")
  func even() throws {
    var (series, _) = dome(peak: 30, vacuum: 0, gain: 0, level: 0)
    var random = Counts(state: 3)
    for tilt in 0..<5 {
      for y in 0..<48 {
        for bin in 0..<64 {
          let square = Double((bin - 30) * (bin - 30) + (y - 24) * (y - 24)) / 400
          let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() }
          series[tilt, y, bin] = Float(100 * max(0, 1 - square) + 3 * noise)
        }
      }
    }
    #expect(CountingNoise(measuring: series) == nil)
    let noise = try #require(MeasuredNoise(series))
    #expect(noise.counting == nil && abs(noise.sigma / 3 - 1) < 0.08)
  }

  @Test("The spread is that of the middle two thirds, over the root mean square")
  func spread() throws {
    var (series, _) = dome(peak: 0, vacuum: 0, gain: 1, level: 0)
    var random = Counts(state: 5)
    for tilt in 0..<5 {
      for y in 0..<48 {
        for bin in 0..<64 {
          series[tilt, y, bin] = Float(Double(tilt + 1) * (random.uniform() - 0.5))
        }
      }
    }
    let noise = try #require(MeasuredNoise(series))
    // √((1 + 4 + 9 + 16 + 25) / 5 / 12), and (5 − 1) / 2 / √11.
    #expect(abs(noise.sigma / (11 / 12.0).squareRoot() - 1) < 0.05)
    #expect(abs(noise.spread - 0.603) < 0.04)
  }
}

/// Poisson variables by products of uniform ones (D. E. Knuth), from a linear congruence.
private struct Counts {
  var state: UInt64

  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(state >> 11) + 0.5) / 0x1p53
  }

  mutating func next(_ mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    var (count, product) = (0, uniform())
    while product > exp(-mean) { (count, product) = (count + 1, product * uniform()) }
    return count
  }
}
