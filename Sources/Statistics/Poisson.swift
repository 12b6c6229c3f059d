import RealModule

/// The Poisson distribution, `P(k) = λᵏ e^(−λ) / k!`, sampled without approximation.
package struct Poisson: Sendable {
  /// λ, from 0 to about 1e12.
  package let mean: Double

  package init(mean: Double) {
    precondition(mean >= 0, "a mean count is not negative")
    self.mean = mean
  }

  /// A count, as a whole `Double`.
  package func sample(using random: inout SplitMix64) -> Double {
    mean < 10 ? inverted(random.uniform()) : rejected(using: &random)
  }

  /// The least k whose cumulated probability reaches `u`.
  private func inverted(_ u: Double) -> Double {
    var (rest, count) = (u, 0.0)
    var probability = Double.exp(-mean)
    while rest > probability && probability > 0 {
      rest -= probability
      count += 1
      probability *= mean / count
    }
    return count
  }

  /// Transformed rejection with squeeze: W. Hörmann, Insurance: Mathematics and Economics 12 (1993)
  /// 39–45, algorithm PTRS. For λ ≥ 10.
  private func rejected(using random: inout SplitMix64) -> Double {
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let squeeze = 0.9277 - 3.6224 / (b - 2)
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    while true {
      let u = random.uniform() - 0.5
      let v = random.uniform()
      let margin = 0.5 - abs(u)
      let count = ((2 * a / margin + b) * u + mean + 0.43).rounded(.down)
      if margin >= 0.07 && v <= squeeze { return count }
      if count < 0 || (margin < 0.013 && v > margin) { continue }
      let bound = Double.log(v * inverseAlpha / (a / (margin * margin) + b))
      if bound <= count * Double.log(mean) - mean - Double.logGamma(count + 1) { return count }
    }
  }
}
