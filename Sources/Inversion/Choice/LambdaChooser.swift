public import Errors
import RealModule

/// Chooses λ by one rule, and says what the others make of the same trials.
public struct LambdaChooser: Sendable {
  public let rule: ChoiceRule
  /// The root mean square of the noise, where it is known.
  public let noise: Double?
  public var search = LambdaSearch()

  /// - Throws: ``ChoiceError/noiseUnknown(_:)`` where the rule compares with the noise.
  public init(_ rule: ChoiceRule, noise: Double?) throws(ChoiceError) {
    if rule.needsNoise {
      guard let noise, noise > 0, noise.isFinite else { throw .noiseUnknown(rule) }
    }
    (self.rule, self.noise) = (rule, noise)
  }

  /// Tries values of λ until the rule can decide.
  ///
  /// - Parameter attempt: solves for one λ, best started from the solution before. It must fill
  ///   ``Trial/heldOut`` where the rule leaves tilts out and ``Trial/freedom`` for `gcv`.
  /// - Throws: ``ChoiceError`` where the rule finds nothing, or what `attempt` throws.
  public func choose(_ attempt: (_ lambda: Double) throws -> Trial) throws -> LambdaChoice {
    let found = try decide(attempt)
    var verdicts = self.verdicts(found.trials)
    verdicts[rule.rawValue] = found.lambda
    let muPerLambda = found.trials.first.map { $0.mu / $0.lambda } ?? 0
    return LambdaChoice(
      rule: rule, lambda: found.lambda, mu: found.lambda * muPerLambda, trials: found.trials,
      verdicts: verdicts, warnings: warnings(found, verdicts))
  }

  private func decide(_ attempt: (Double) throws -> Trial) throws -> Finding {
    switch rule {
    case .heldOutTilts:
      return try search.minimum(of: \.heldOut, noise: { $0.heldOutNoise ?? noise }, attempt)
    case .compromise:
      return try compromise(attempt)
    case .gcv:
      return try search.minimum(of: \.gcv, attempt)
    case .discrepancy:
      return try search.root(residual: noise ?? 0, attempt)
    case .halving:
      return try halve(attempt)
    case .lCurve:
      // From the start down, where both branches show; far above it the prior alone bends the curve.
      let trials = try (-2...10).map {
        try attempt(search.start * Double.pow(search.factor, -Double($0)))
      }
      guard let corner = LCurve.corner(trials) else { throw ChoiceError.noCorner }
      let lambdas = trials.map(\.lambda).sorted()
      let isAtEdge = corner <= lambdas[1] || corner >= lambdas[lambdas.count - 2]
      return Finding(lambda: corner, trials: trials, isAtEdge: isAtEdge)
    }
  }

  /// `max(λ_p, √(λ_p λ_n))` of the λ_p that predicts best and the λ_n whose residual meets the noise.
  ///
  /// Where tilts are few, gaps between them make λ_p too small for fine or slow detail, and λ_n is too large, since a fit takes up a part of the
  /// noise: docs/studies/lambda-few-tilts.md. λ_n is looked for up to three steps beyond what predicting tried; where no residual is as small as the noise, λ_p stands
  /// alone.
  private func compromise(_ attempt: (Double) throws -> Trial) throws -> Finding {
    let predicting = try search.minimum(of: \.heldOut, noise: { $0.heldOutNoise ?? noise }, attempt)
    guard let noise else { return predicting }
    var trials = predicting.trials
    for _ in 0..<3 {
      guard let strongest = trials.max(by: { $0.lambda < $1.lambda }), strongest.residual < noise
      else { break }
      trials.append(try attempt(strongest.lambda * search.factor))
    }
    guard let smallest = trials.map(\.residual).min(), smallest < noise else { return predicting }
    let meeting =
      search.interpolated(trials, noise) ?? trials.map(\.lambda).max() ?? predicting.lambda
    let between = (predicting.lambda * meeting).squareRoot()
    return Finding(lambda: max(predicting.lambda, between), trials: trials)
  }

  /// 1e-2, then half of it, and so on, until the residual is no larger than the noise.
  private func halve(_ attempt: (Double) throws -> Trial) rethrows -> Finding {
    var trials: [Trial] = []
    var lambda = 1e-2
    while trials.count < search.limit {
      let trial = try attempt(lambda)
      trials.append(trial)
      if trial.residual <= noise ?? 0 { return Finding(lambda: lambda, trials: trials) }
      lambda /= 2
    }
    return Finding(lambda: lambda * 2, trials: trials, isAtEdge: true)
  }

  private func verdicts(_ trials: [Trial]) -> [String: Double] {
    var verdicts: [String: Double] = [:]
    func lowest(_ value: (Trial) -> Double?) -> Double? {
      let known = trials.filter { value($0) != nil }
      guard known.count >= 3 else { return nil }
      return known.min { (value($0) ?? .infinity) < (value($1) ?? .infinity) }?.lambda
    }
    verdicts[ChoiceRule.heldOutTilts.rawValue] = lowest(\.heldOut)
    verdicts[ChoiceRule.gcv.rawValue] = lowest(\.gcv)
    verdicts[ChoiceRule.lCurve.rawValue] = LCurve.corner(trials)
    if let noise, let crossing = search.interpolated(trials, noise) {
      verdicts[ChoiceRule.discrepancy.rawValue] = crossing
      let halvings = max(0, (Double.log2(1e-2 / crossing)).rounded(.up))
      verdicts[ChoiceRule.halving.rawValue] = 1e-2 * Double.pow(2, -halvings)
    }
    return verdicts
  }

  private func warnings(
    _ found: Finding, _ verdicts: [String: Double]
  ) -> [String] {
    let lambda = found.lambda
    var warnings: [String] = []
    if found.isFlat {
      warnings.append(
        """
        The prediction hardly depends on λ: something other than noise rules it, such as misaligned \
        tilts. λ = \(Self.short(lambda)) is the largest that predicts within 5 % of the best.
        """)
    }
    if found.isAtEdge {
      warnings.append(
        "λ = \(Self.short(lambda)) lies at the edge of what was tried; the best may lie beyond.")
    }
    for (name, verdict) in verdicts.sorted(by: { $0.key < $1.key })
    where !isPart(name) && max(verdict / lambda, lambda / verdict) > 3 {
      warnings.append(
        "\(rule.rawValue) chose λ = \(Self.short(lambda)), but \(name) says \(Self.short(verdict))."
      )
    }
    return warnings
  }

  /// Whether a compromise lies between this rule and another.
  private func isPart(_ name: String) -> Bool {
    rule == .compromise && ChoiceRule(rawValue: name) != .lCurve
  }

  private static func short(_ value: Double) -> String {
    let digits = Double.pow(10, Double.log10(value).rounded(.down) - 2)
    return "\(Float((value / digits).rounded() * digits))"
  }
}

/// Why λ could not be chosen.
public enum ChoiceError: CategorisedError, Equatable {
  case noiseUnknown(ChoiceRule)
  case noCorner
  case notLinear(String)
  case tooFewTilts(Int, needed: Int)

  public var category: ErrorCategory {
    .usage
  }

  public var description: String {
    switch self {
    case .noiseUnknown(let rule):
      "The rule \(rule.rawValue) compares with the noise, which is not known. Give --noise."
    case .noCorner:
      "The L-curve of this problem has no corner. Choose held-out-tilts or discrepancy."
    case .tooFewTilts(let count, let needed):
      """
      Rules that predict tilts need at least \(needed), and there are \(count). \
      Choose discrepancy or l-curve.
      """
    case .notLinear(let what):
      """
      The rule gcv holds for linear methods only, and \(what) makes this one nonlinear. \
      Choose held-out-tilts or discrepancy.
      """
    }
  }
}
