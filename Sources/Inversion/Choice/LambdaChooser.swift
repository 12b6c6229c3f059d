import RealModule

/// Chooses λ by one rule, and says what the others make of the same trials.
package struct LambdaChooser: Sendable {
  /// The rules that work on tilts.
  package static let rules: [ChoiceRule] = [
    .heldOutTilts, .compromise, .discrepancy, .lCurve, .gcv, .halving,
  ]

  package let rule: ChoiceRule
  /// The root mean square of the noise, where it is known.
  package let noise: Double?
  package var search = LambdaSearch()
  package var halves = Halves()

  /// How ``ChoiceRule/halving`` goes along λ.
  package struct Halves: Sendable {
    /// The first λ.
    package var start = 1e-2
    /// The largest λ that is tried where the first one meets the noise at once.
    package var most = 1e3
    /// The part by which a residual that meets the noise may exceed it.
    package var tolerance = 0.0

    package init() {}
  }

  /// - Throws: ``ChoiceError/noiseUnknown(_:)`` where the rule compares with the noise, or
  ///   ``ChoiceError/notLinear(_:)`` for gcv where something makes the method nonlinear, or ``ChoiceError/notOffered(_:)``.
  package init(
    _ rule: ChoiceRule, noise: Double?, nonlinear: String? = nil
  ) throws(ChoiceError) {
    try rule.check(among: Self.rules, noise: noise, nonlinear: nonlinear)
    (self.rule, self.noise) = (rule, noise)
  }

  /// Tries values of λ until the rule can decide.
  ///
  /// - Parameter attempt: solves for one λ, best started from the solution before. It must fill
  ///   ``LambdaTrial/heldOut`` where the rule leaves tilts out and ``LambdaTrial/degreesOfFreedom`` for `gcv`.
  /// - Throws: ``ChoiceError`` where the rule finds nothing, or what `attempt` throws.
  package func choose(_ attempt: (_ lambda: Double) throws -> LambdaTrial) throws -> LambdaChoice {
    let found = try decide(attempt)
    var verdicts = found.trials.verdicts(noise: noise, prediction: .heldOutTilts)
    if let crossing = verdicts[.discrepancy] {
      let halvings = Double.log2(1e-2 / crossing).rounded(.up)
      verdicts[.halving] = 1e-2 * Double.pow(2, -halvings)
    }
    verdicts[rule] = found.lambda
    let muPerLambda = found.trials.first.map { $0.mu / $0.lambda } ?? 0
    return LambdaChoice(
      rule, found, mu: found.lambda * muPerLambda, verdicts: verdicts,
      warnings: warnings(found, verdicts))
  }

  private func decide(_ attempt: (Double) throws -> LambdaTrial) throws -> LambdaSearchResult {
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
      let trials = try search.path(-2...10, attempt)
      guard let corner = LCurve.corner(trials) else { throw ChoiceError(undecided: rule) }
      let lambdas = trials.map(\.lambda).sorted()
      let isAtEdge = corner <= lambdas[1] || corner >= lambdas[lambdas.count - 2]
      return LambdaSearchResult(lambda: corner, trials: trials, isAtEdge: isAtEdge)
    default:
      throw ChoiceError.notOffered(rule)
    }
  }

  /// `max(λ_p, √(λ_p λ_n))` of the λ_p that predicts best and the λ_n whose residual meets the noise.
  ///
  /// Where tilts are few, gaps between them make λ_p too small for fine or slow detail, and λ_n is too large, since a fit takes up a part of the
  /// noise: docs/studies/lambda-few-tilts.md. λ_n is looked for up to three steps beyond what predicting tried; where no residual is as small as the noise, λ_p stands
  /// alone.
  private func compromise(_ attempt: (Double) throws -> LambdaTrial) throws -> LambdaSearchResult {
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
      trials.crossing(residual: noise) ?? trials.map(\.lambda).max() ?? predicting.lambda
    let between = (predicting.lambda * meeting).squareRoot()
    return LambdaSearchResult(lambda: max(predicting.lambda, between), trials: trials)
  }

  /// The largest of 1e-2 · 2ᵏ whose residual is no larger than the noise: from the start by halves until that is met, or, where
  /// the start meets it at once, by doubles until it is not.
  ///
  /// Where none meets it, the halves end once they no longer lower the residual by 1 %, and the largest λ within 1 % of the least residual
  /// is taken.
  private func halve(_ attempt: (Double) throws -> LambdaTrial) rethrows -> LambdaSearchResult {
    let (first, noise) = (halves.start, (1 + halves.tolerance) * (noise ?? 0))
    func isMet(_ trial: LambdaTrial?) -> Bool { trial.map { $0.residual <= noise } ?? false }
    func isLevel(_ trials: [LambdaTrial]) -> Bool {
      trials.count > 2
        && trials[trials.count - 1].residual > 0.99 * trials[trials.count - 3].residual
        && trials[trials.count - 3].residual < trials[0].residual
    }
    var trials = try LambdaSearch.walk(
      sequence(first: first) { $0 / 2 }.prefix(search.limit),
      until: { isMet($0.last) || isLevel($0) }, attempt)
    if trials.count == 1, isMet(trials.last) {
      trials += try LambdaSearch.walk(
        sequence(first: 2 * first) { 2 * $0 }.prefix { $0 <= halves.most },
        until: { $0.last.map { !isMet($0) } ?? false }, attempt)
      let strongest = trials.last(where: isMet)?.lambda ?? first
      return LambdaSearchResult(lambda: strongest, trials: trials, isAtEdge: isMet(trials.last))
    }
    let least = trials.map(\.residual).min() ?? 0
    let enough = isMet(trials.last) ? noise : 1.01 * least
    return LambdaSearchResult(
      lambda: trials.first { $0.residual <= enough }?.lambda ?? first, trials: trials,
      isUnmet: !isMet(trials.last))
  }

  private func warnings(
    _ found: LambdaSearchResult, _ verdicts: [ChoiceRule: Double]
  ) -> [String] {
    var warnings: [String] = []
    if found.isFlat {
      warnings.append(
        """
        The prediction hardly depends on λ: it is dominated by something other than noise, such as misaligned \
        tilts. λ = \(short(found.lambda)) is the largest that predicts within 5 % of the best.
        """)
    }
    if found.isUnmet, let noise, let least = found.trials.map(\.residual).min() {
      warnings.append(
        """
        No λ that was tried has a residual as small as the noise: the least is \(short(least / noise)) times the noise. λ = \
        \(short(found.lambda)) is the largest whose residual is within 1 % of it. More iterations, or a better alignment, may reach the noise; else the noise is \
        larger than was said.
        """)
    }
    if found.isAtEdge { warnings.append(edgeNote("λ = \(short(found.lambda))")) }
    return warnings + rule.disagreements(found.lambda, verdicts)
  }
}
