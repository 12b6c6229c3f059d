import Foundation
import Testing
import Statistics

@Suite("Poisson")
struct PoissonTests {
  static let means: [Double] = [0.01, 0.5, 3, 9.99, 10, 30, 1000]

  @Test("mean and variance are λ within five standard errors", arguments: means)
  func moments(mean: Double) {
    let count = 1_000_000
    let samples = samples(mean: mean, count: count)
    let average = samples.reduce(0, +) / Double(count)
    let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // The fourth central moment of a Poisson distribution is λ + 3 λ².
    let n = Double(count).squareRoot()
    #expect(abs(average - mean) < 5 * mean.squareRoot() / n)
    #expect(abs(variance - mean) < 5 * (mean + 2 * mean * mean).squareRoot() / n)
  }

  @Test("counts are distributed as λᵏ e^(−λ) / k! by the χ² test", arguments: means)
  func distribution(mean: Double) {
    let count = 1_000_000
    var observed: [Int: Int] = [:]
    for sample in samples(mean: mean, count: count) { observed[Int(sample), default: 0] += 1 }
    // Neighbouring counts are pooled until at least ten are expected.
    let last = Int(mean + 12 * mean.squareRoot() + 20)
    var (chiSquare, cells, expected, seen) = (0.0, 0, 0.0, 0)
    var (restExpected, restSeen) = (Double(count), count)
    for k in 0...last {
      expected += Double(count) * exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1))
      seen += observed[k] ?? 0
      guard expected >= 10, restExpected - expected >= 10 else { continue }
      chiSquare += (Double(seen) - expected) * (Double(seen) - expected) / expected
      (restExpected, restSeen) = (restExpected - expected, restSeen - seen)
      (cells, expected, seen) = (cells + 1, 0, 0)
    }
    chiSquare +=
      (Double(restSeen) - restExpected) * (Double(restSeen) - restExpected) / restExpected
    // χ² with `cells` degrees of freedom has variance 2 · cells.
    #expect(cells > 0)
    #expect(chiSquare < Double(cells) + 4.5 * (2 * Double(cells)).squareRoot())
  }

  @Test("a mean of zero gives zero")
  func zero() {
    #expect(samples(mean: 0, count: 100).allSatisfy { $0 == 0 })
  }

  private func samples(mean: Double, count: Int) -> [Double] {
    let distribution = Poisson(mean: mean)
    return (0..<count).map {
      var random = SplitMix64(seed: 20, tilt: $0 % 71, slice: $0 % 13, bin: $0)
      return distribution.sample(using: &random)
    }
  }
}
