/// How much of each component of the measurement a linear method lets through.
package enum SpectralFilter: Sendable, Hashable {
  /// All of it: least squares, φ = 1.
  case open
  /// Truncated singular values: φ = 1 where c² ≥ λ s², else 0.
  case truncated(lambda: Double)
  /// Tikhonov: φ = c² / (c² + λ s²).
  case tikhonov(lambda: Double)
  /// Wiener: φ = c² SNRᵢ / (c² SNRᵢ + 1), with the power of `xᵢ` over that of the noise.
  case wiener(signalToNoise: [Double])

  /// `φᵢ`, between 0 and 1.
  package func factors(_ form: SpectralForm) -> [Double] {
    zip(weights(form), form.gains).map { min(1, $0 * $1) }
  }

  /// `φᵢ / cᵢ`, written such that a gain of 0 gives 0 and not 0/0.
  func weights(_ form: SpectralForm) -> [Double] {
    form.gains.indices.map { i in
      let (c, cost) = (form.gains[i], form.costs[i])
      guard c > 0 else { return 0 }
      switch self {
      case .open: return 1 / c
      case .truncated(let lambda): return c * c >= lambda * cost ? 1 / c : 0
      case .tikhonov(let lambda): return c / (c * c + lambda * cost)
      case .wiener(let ratio): return c * ratio[i] / (c * c * ratio[i] + 1)
      }
    }
  }
}
