/// The signal-to-noise ratio of each component, measured on the data in bands of neighbours.
///
///     P = mean over the band of (uᵢᵀ y)²,   SNRᵢ = max(P / ε² − 1, 0) / σᵢ²
///
/// since `E (uᵢᵀ y)² = σᵢ² E (vᵢᵀ x)² + ε²` for white noise of standard deviation ε. The Wiener filter
/// with it passes the part `max(1 − ε²/P, 0)` of a band.
///
/// - Reference: N. Wiener, Extrapolation, Interpolation, and Smoothing of Stationary Time Series
///   (1949); in bands as in spectral subtraction.
struct BandwiseSNR {
  /// One a component, in units of `x²` over `y²`.
  let ratios: [Double]

  /// - Parameter reach: a band holds this many components on either side of each.
  init(_ form: SpectralForm, _ y: [Double], noise: Double, reach: Int = 2) {
    let powers = form.coefficients(of: y).map { $0 * $0 }
    ratios = form.gains.indices.map { i in
      let band = powers[max(0, i - reach)...min(powers.count - 1, i + reach)]
      let power = band.reduce(0, +) / Double(band.count)
      let gain = form.gains[i] * form.gains[i]
      guard gain > 0 else { return 0 }
      return max(power / (noise * noise) - 1, 0) / gain
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
