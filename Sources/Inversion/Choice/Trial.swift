/// One value of λ that was tried, and what came of it.
public struct Trial: Sendable, Codable, Hashable {
  /// Dimensionless.
  public let lambda: Double
  /// `μ = λ · μ_ref`
  public let mu: Double
  /// The root mean square of `y − Hx` over the measurements that were fitted; for counts, the root of their ``Deviance`` over the
  /// expected one.
  public let residual: Double
  /// `R(x)`
  public let penalty: Double
  /// The root mean square error of predicting the measurements that were left out; for counts, the root of their mean ``Deviance``.
  public var heldOut: Double?
  /// What `heldOut` is on average where the prediction is the truth, so that noise alone rules it; known for counts.
  public var heldOutNoise: Double?
  /// The trace of the map from data to prediction, over the number of measurements.
  public var freedom: Double?
  public let iterations: Int

  public init(
    lambda: Double, mu: Double, residual: Double, penalty: Double, heldOut: Double? = nil,
    heldOutNoise: Double? = nil, freedom: Double? = nil, iterations: Int
  ) {
    (self.lambda, self.mu, self.residual) = (lambda, mu, residual)
    (self.penalty, self.heldOut, self.heldOutNoise) = (penalty, heldOut, heldOutNoise)
    self.freedom = freedom
    self.iterations = iterations
  }

  /// `residual² / (1 − freedom)²`
  ///
  /// - Reference: G. H. Golub, M. Heath and G. Wahba, Technometrics 21, 215 (1979).
  public var gcv: Double? {
    guard let freedom, freedom < 1 else { return nil }
    return residual * residual / ((1 - freedom) * (1 - freedom))
  }
}

/// How λ is chosen.
public enum ChoiceRule: String, Sendable, Codable, CaseIterable {
  /// Some tilts are left out and predicted.
  case heldOutTilts = "held-out-tilts"
  /// Between the λ that predicts left-out tilts best and the one whose residual equals the noise, where that is larger: the geometric mean.
  case compromise
  /// Morozov: the residual equals the noise.
  case discrepancy
  /// The corner of log R(x) against log residual.
  case lCurve = "l-curve"
  /// Generalised cross-validation; linear methods only.
  case gcv
  /// Start at 1e-2 and halve until the residual meets the noise.
  case halving

  /// Whether trials must predict tilts that are left out.
  public var leavesTiltsOut: Bool { self == .heldOutTilts || self == .compromise }
  /// Whether the residual is compared with the noise.
  public var needsNoise: Bool { self == .discrepancy || self == .halving || self == .compromise }
}

/// The chosen λ, all that was tried, and what the other rules say of the same trials.
public struct LambdaChoice: Sendable, Codable, Hashable {
  public let rule: ChoiceRule
  public let lambda: Double
  public let mu: Double
  /// In the order in which they were tried.
  public let trials: [Trial]
  /// What each rule that could decide would have chosen.
  public let verdicts: [String: Double]
  /// What a reader should know: disagreement, an optimum at the edge of what was tried.
  public let warnings: [String]

  public init(
    rule: ChoiceRule, lambda: Double, mu: Double, trials: [Trial], verdicts: [String: Double],
    warnings: [String]
  ) {
    (self.rule, self.lambda, self.mu) = (rule, lambda, mu)
    (self.trials, self.verdicts, self.warnings) = (trials, verdicts, warnings)
  }
}
