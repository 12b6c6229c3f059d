import RealModule

/// The chosen λ, all that was tried, and what the other rules say of the same trials.
public struct LambdaChoice: Sendable, Hashable {
  /// The rule that chose.
  public let rule: ChoiceRule
  /// The chosen value; dimensionless where there is a reference strength μ_ref.
  public let lambda: Double
  /// The weight of the prior: `μ = λ · μ_ref`, or λ where there is no reference.
  public package(set) var mu: Double
  /// Every value that was tried, in that order.
  public package(set) var trials: [LambdaTrial]
  /// The λ that each rule that could decide would have chosen from the same trials.
  public let verdicts: [ChoiceRule: Double]
  /// What a reader should know: disagreement, an optimum at the edge of what was tried.
  public let warnings: [String]

  package init(
    _ rule: ChoiceRule, _ found: LambdaSearchResult, mu: Double? = nil,
    verdicts: [ChoiceRule: Double], warnings: [String]
  ) {
    (self.rule, lambda, trials) = (rule, found.lambda, found.trials)
    (self.mu, self.verdicts, self.warnings) = (mu ?? found.lambda, verdicts, warnings)
  }

  private enum CodingKeys: CodingKey { case rule, lambda, mu, candidates, verdicts }

  /// What records hold of a choice.
  ///
  /// - Parameter columns: what is told of each trial, μ of the choice with it.
  package func encode(to encoder: any Encoder, _ columns: [LambdaTrial.Column]) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(rule, forKey: .rule)
    try keys.encode(lambda, forKey: .lambda)
    if columns.contains(.mu) { try keys.encode(mu, forKey: .mu) }
    try keys.encode(TrialRecords(trials, columns), forKey: .candidates)
    try keys.encode(verdicts, forKey: .verdicts)
  }
}

extension [LambdaTrial] {
  /// The trial with the least value, among those that have one.
  package func lowest(_ value: (LambdaTrial) -> Double?) -> LambdaTrial? {
    filter { value($0) != nil }.min { (value($0) ?? .infinity) < (value($1) ?? .infinity) }
  }

  /// Where the residuals cross a level, by interpolation in log λ and log residual.
  package func crossing(residual level: Double) -> Double? {
    let sorted = self.sorted { $0.lambda < $1.lambda }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a.residual <= level && b.residual > level {
      let (ra, rb) = (Double.log(Swift.max(a.residual, 1e-300)), Double.log(b.residual))
      let part = (Double.log(level) - ra) / (rb - ra)
      return .exp(.log(a.lambda) + part * (.log(b.lambda) - .log(a.lambda)))
    }
    return nil
  }

  /// What the rules that can decide make of the same trials.
  ///
  /// - Parameter prediction: the rule that ``LambdaTrial/heldOut`` belongs to.
  package func verdicts(noise: Double?, prediction: ChoiceRule) -> [ChoiceRule: Double] {
    func lowest(_ value: (LambdaTrial) -> Double?) -> Double? {
      self.count(where: { value($0) != nil }) < 3 ? nil : self.lowest(value)?.lambda
    }
    var verdicts: [ChoiceRule: Double] = [:]
    verdicts[prediction] = lowest(\.heldOut)
    verdicts[.gcv] = lowest(\.gcv)
    verdicts[.oracle] = lowest(\.error)
    verdicts[.lCurve] = LCurve.corner(self)
    verdicts[.discrepancy] = noise.flatMap { crossing(residual: $0) }
    return verdicts
  }
}

extension ChoiceRule {
  /// Which other rules say something that differs by more than a factor of three.
  package func disagreements(
    _ lambda: Double, _ verdicts: [ChoiceRule: Double]
  ) -> [String] {
    // Against the truth no rule has anything to say, and a compromise lies between the others.
    let rivals = verdicts.filter { self != .oracle && (self != .compromise || $0.key == .lCurve) }
    return rivals.sorted { $0.key.rawValue < $1.key.rawValue }
      .filter { max($0.value / lambda, lambda / $0.value) > 3 }
      .map {
        "\(rawValue) chose λ = \(short(lambda)), but \($0.key.rawValue) gives \(short($0.value))."
      }
  }
}

/// What is said of an optimum that may lie further on.
package func edgeNote(_ what: String) -> String {
  "\(what) is at the edge of the range that was tried; the best may be outside it."
}

/// Three significant digits.
package func short(_ value: Double) -> String {
  guard value != 0 && value.isFinite else { return "\(value)" }
  let digits = Double.exp10(Double.log10(abs(value)).rounded(.down) - 2)
  let text = "\(Float((value / digits).rounded() * digits))"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
