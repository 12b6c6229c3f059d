public import Errors

/// How λ is chosen. Each method lists the rules that it takes.
public enum ChoiceRule: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
  /// Some tilts are left out and predicted.
  case heldOutTilts = "held-out-tilts"
  /// A tenth of the pixels is left out and predicted.
  case heldOutPixels = "held-out-pixels"
  /// Samples are left out in groups and predicted.
  case crossValidation = "cross-validation"
  /// Between the λ that predicts left-out tilts best and the one whose residual equals the noise, where that is larger: the geometric mean.
  case compromise
  /// Morozov: the residual equals the noise.
  case discrepancy
  /// Start at 1e-2 and halve until the residual meets the noise.
  case halving
  /// Where nothing was measured: the residual equals the noise there, and two standard errors of it (images), or x comes out empty
  /// (signals).
  case vacuum
  /// The corner of log R(x) against log residual.
  case lCurve = "l-curve"
  /// Generalised cross-validation; linear methods only.
  case gcv
  /// `λ = ε² / (‖x‖² / n)`, the noise over the power of the signal.
  case wiener
  /// The smallest error against the truth.
  case oracle

  /// Whether trials must predict tilts that are left out.
  package var leavesTiltsOut: Bool { self == .heldOutTilts || self == .compromise }
  /// Whether the residual is compared with the noise.
  package var needsNoise: Bool {
    [.compromise, .discrepancy, .halving, .wiener].contains(self)
  }

  /// Refuses what cannot decide.
  ///
  /// - Parameters:
  ///   - rules: those that the method takes.
  ///   - noise: what residuals are compared with, where it is known.
  ///   - nonlinear: what makes the method nonlinear.
  package func check(
    among rules: [ChoiceRule], noise: Double?, nonlinear: String? = nil, hasTruth: Bool = false,
    hasVacuum: Bool = false
  ) throws(ChoiceError) {
    guard rules.contains(self) else { throw .notOffered(self) }
    if needsNoise {
      guard let noise, noise > 0, noise.isFinite else { throw .noiseUnknown(self) }
    }
    if self == .oracle && !hasTruth { throw .truthUnknown }
    if self == .vacuum && !hasVacuum { throw .vacuumUnknown }
    if self == .gcv, let nonlinear { throw .notLinear(nonlinear) }
  }
}

/// Why λ could not be chosen.
public enum ChoiceError: CategorisedError, Equatable {
  /// A rule that this method does not take.
  case notOffered(ChoiceRule)
  /// A rule that compares with the noise, which is neither given nor known.
  case noiseUnknown(ChoiceRule)
  /// The oracle without a truth.
  case truthUnknown
  /// The rule `vacuum` without a region that holds nothing.
  case vacuumUnknown
  /// The L-curve bends nowhere.
  case noCorner
  /// No λ that was tried meets the rule.
  case neverMet(ChoiceRule)
  /// `gcv` for a method that something makes nonlinear.
  case notLinear(String)
  /// Too few tilts to leave some out.
  case tooFewTilts(Int, needed: Int)

  /// A rule that found nothing among what was tried.
  package init(undecided rule: ChoiceRule) { self = rule == .lCurve ? .noCorner : .neverMet(rule) }

  public var category: ErrorCategory { .usage }

  public var description: String {
    switch self {
    case .notOffered(let rule):
      "The rule \(rule.rawValue) cannot choose λ here. Choose discrepancy, or give --lambda."
    case .noiseUnknown(let rule):
      "The rule \(rule.rawValue) compares with the noise, which is not known. Give --noise."
    case .truthUnknown:
      "The oracle compares with the truth. Give --truth, or choose l-curve or discrepancy."
    case .vacuumUnknown:
      "The rule vacuum needs an empty part. Give --vacuum."
    case .noCorner:
      "The L-curve of this problem has no corner. Choose another rule, such as discrepancy."
    case .neverMet(let rule):
      """
      No λ that was tried satisfies the rule \(rule.rawValue). Check --noise, or choose \
      l-curve.
      """
    case .notLinear(let what):
      """
      The rule gcv is valid for linear methods only, and \(what) is not linear. \
      Choose discrepancy or l-curve.
      """
    case .tooFewTilts(let count, let needed):
      """
      Rules that predict tilts need at least \(needed) tilts (got \(count)). \
      Choose discrepancy or l-curve.
      """
    }
  }
}
