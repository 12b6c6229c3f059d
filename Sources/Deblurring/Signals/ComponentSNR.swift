/// The signal-to-noise ratio of each component, measured on the data.
///
///     E (uᵢᵀ y)² = σᵢ² Sᵢ + ε²,   Sᵢ = E (vᵢᵀ x)²,   SNRᵢ = Sᵢ / ε²
///
/// One value of `((uᵢᵀ y)² − ε²) / σᵢ²` tells little of Sᵢ, and less the weaker the component. So the power
/// is taken to grow no more towards weaker components: S is the falling sequence nearest to these values,
/// each weighted by σᵢ⁴ as its certainty, by pooling neighbours that rise.
///
/// - Reference: N. Wiener, Extrapolation, Interpolation, and Smoothing of Stationary Time Series
///   (1949); pooling: R. E. Barlow et al., Statistical Inference under Order Restrictions (1972).
struct ComponentSNR {
  /// One a component, in units of `x²` over `y²`.
  let ratios: [Double]

  init(_ form: SpectralForm, _ y: [Double], noise: Double) {
    /// Neighbours that share one power, with the sums of weight · value and of weights.
    struct Pool {
      var (sum, weight, count): (Double, Double, Int)
      var power: Double { weight > 0 ? sum / weight : 0 }
    }
    var pools: [Pool] = []
    for (part, σ) in zip(form.coefficients(of: y), form.gains) {
      // σ⁴ · ((uᵀy)² − ε²) / σ²
      var pool = Pool(
        sum: σ * σ * (part * part - noise * noise), weight: σ * σ * σ * σ, count: 1)
      while let last = pools.last, last.power <= pool.power || pool.weight == 0 {
        pools.removeLast()
        pool = Pool(
          sum: last.sum + pool.sum, weight: last.weight + pool.weight,
          count: last.count + pool.count)
      }
      pools.append(pool)
    }
    ratios = pools.flatMap {
      Array(repeating: max($0.power, 0) / (noise * noise), count: $0.count)
    }
  }

  /// The one λ that is the noise over the mean power of the signal, `ε² / (‖x‖² / n)`.
  ///
  ///     ‖x‖² / n ≈ (‖y‖² − m ε²) / Σ σᵢ²
  ///
  /// - Returns: `nil` where the measurement holds no more power than the noise.
  static func lambda(_ form: SpectralForm, _ y: [Double], noise: Double) -> Double? {
    let excess = y.reduce(0) { $0 + $1 * $1 } - Double(y.count) * noise * noise
    guard excess > 0 else { return nil }
    return noise * noise * form.gains.reduce(0) { $0 + $1 * $1 } / excess
  }
}
