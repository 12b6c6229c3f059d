/// How strongly a reconstruction is held by its prior, or by where its iterations ended.
///
/// A flexible fit follows part of the noise, so that its residual ρ = √(Σ r² / Σ σ²) lies below 1 even when
/// all is well, and significance means little where millions of pixels are compared. Verdicts
/// therefore rest on sizes of effects:
///
///     over-regularised    ρ > 1.1, each tilt against its own σ, and r is correlated:
///                         lag-1 autocorrelation above 0.1 along bins or slices; what is left of the
///                         object is smooth, what is left of noise is not
///     noise understated   ρ > 1.1, and r is white: σ is too small
///     under-regularised   ρ < 0.95, and averaging the prediction of left-out tilts over neighbouring
///                         pixels brings it closer by more than 1 %: the fit has put noise in the volume
///     consistent          otherwise
public enum FitVerdict: String, Sendable, Codable {
  /// The prior smooths away part of the object, or the iterations ended too early.
  case overRegularised = "over-regularised"
  /// The volume contains noise of the series.
  case underRegularised = "under-regularised"
  /// More is left than the noise level explains, and it looks like noise.
  case noiseUnderstated = "noise-understated"
  /// What is left is as large as the noise, with no sign of too much or too little smoothing.
  case consistent
  /// The method computes voxels and does not fit the series.
  case direct
  /// No noise level is known.
  case unknown

  static let excess = 1.1
  static let correlated = 0.1
  static let below = 0.95
  static let gain = 0.01

  init(_ fit: FitResult, _ prediction: PredictionResult?, isDirect: Bool) {
    guard !isDirect else {
      self = .direct
      return
    }
    guard let ratio = fit.overNoise else {
      self = .unknown
      return
    }
    let correlation = max(fit.alongBins ?? 0, fit.alongSlices ?? 0)
    if ratio > Self.excess {
      self = correlation > Self.correlated ? .overRegularised : .noiseUnderstated
    } else if ratio < Self.below, let gain = prediction?.blurGain, gain > Self.gain {
      self = .underRegularised
    } else {
      self = .consistent
    }
  }
}
