import Preparation

/// What the other tilts predict of the pages of an aligned series, and what that is worth.
package struct HeldOut: Sendable, Hashable, Codable {
  package enum Verdict: String, Sendable, Hashable, Codable {
    case good, fair, poor
    /// Noise hides whether pages fit.
    case noise
  }

  /// The part of what the pages show that their predictions miss: `Σ ‖p − g q − h‖² / Σ ‖p − p̄‖²`.
  package let error: Double
  /// The part that noise explains: its variance after smoothing, over the same variation.
  package let noise: Double
  /// By the part of what is no noise that is not predicted, `(error − noise) / (1 − noise)`: good up to 0.1, fair up to 0.3.
  package let verdict: Verdict

  package init(error: Double, noise: Double) {
    (self.error, self.noise) = (error, noise)
    let left = (error - noise) / max(1 - noise, 1e-9)
    verdict = noise > 0.7 ? .noise : left <= 0.1 ? .good : left <= 0.3 ? .fair : .poor
  }

  /// What a user should know; `nil` where there is nothing amiss.
  var warning: String? {
    switch verdict {
    case .good, .fair: nil
    case .poor:
      """
      The pages do not fit one rotating object well: \(short(100 * error)) % of their variation is not predicted by the \
      other tilts, and noise explains \(short(100 * noise)) %. Check the angles and the order of the pages.
      """
    case .noise:
      """
      \(short(100 * noise)) % of the variation of the pages is noise, so the alignment cannot be assessed. Bin them, or lower \
      --finest.
      """
    }
  }

  /// Of the used pages: `noise` is the variance of white noise on a page after binning and before smoothing.
  init(_ fits: [PictureFit], used: [Bool], noise: [Double], smoothing: Int) {
    var (variance, energy) = (0.0, 0.0)
    for k in fits.indices where used[k] {
      variance += Double(fits[k].count) * noise[k] * whiteVariance(smoothedTimes: smoothing)
      energy += fits[k].energy
    }
    self.init(
      error: heldOutError(fits, used: used), noise: energy > 0 ? min(variance / energy, 1) : 0)
  }
}

/// What smoothing under (1 2 1)/4 along rows and columns, n times, leaves of the variance of white noise:
///
///     (Σ_k w_k²)² = (C(4n, 2n) / 2⁴ⁿ)²,     w = the binomial weights of order 2n
package func whiteVariance(smoothedTimes count: Int) -> Double {
  // C(2m, m) / 4ᵐ = Π (2i − 1) / 2i,  m = 2n
  var line = 1.0
  for i in 0..<2 * count { line *= Double(2 * i + 1) / Double(2 * i + 2) }
  return line * line
}
