import DenseAlgebra
import Inversion
import RealModule

/// How λ is chosen for a signal.
public enum SignalRule: String, Sendable, Codable, CaseIterable {
  /// The smallest error against the truth.
  case oracle
  /// Morozov: the residual equals the noise.
  case discrepancy
  /// The corner of log R(x) against log residual.
  case lCurve = "l-curve"
  /// Generalised cross-validation.
  case gcv
  /// Samples are left out in groups and predicted.
  case crossValidation = "cross-validation"
  /// The weakest prior under which samples that hold nothing come out empty.
  case vacuum
  /// `λ = ε² / (‖x‖² / n)`, the noise over the power of the signal.
  case wiener
}

/// Chooses λ for a signal by one rule, and says what the others make of the same values.
public struct SignalChooser: Sendable {
  public let rule: SignalRule
  public var truth: [Double]?
  /// Groups in which samples are left out.
  public var folds = 5
  /// Samples that hold nothing.
  public var reference: Range<Int>?
  /// What counts as empty: the root mean square of x there, over the largest |x|.
  public var emptiness = 0.05
  /// Where λ is sought; by the problem where it is `nil`.
  public var grid: LambdaGrid?

  public init(_ rule: SignalRule) { self.rule = rule }

  /// What a choice came to.
  public struct Choice: Sendable {
    public let rule: SignalRule
    public let lambda: Double
    public let estimate: SignalEstimate
    public let sweep: SignalSweep
    /// What each rule that could decide would have chosen.
    public let verdicts: [SignalRule: Double]
    public let warnings: [String]
  }

  /// - Throws: ``DeblurringError`` where the rule lacks what it needs or finds nothing.
  public func choose(_ problem: SignalProblem) throws -> Choice {
    try check(problem)
    var sweep = try SignalSweep(problem, grid ?? LambdaGrid(for: problem), truth: truth)
    // Predicting costs a few solves a value, which is little for a linear method.
    let isFast = problem.method.isLinear && !problem.isNonNegative
    let canFold = folds <= problem.measurement.count / 2
    if rule == .crossValidation || isFast && canFold { try sweep.predict(folds: folds) }
    if let reference { try sweep.watch(reference) }
    var draft = try SignalSolver(problem, .draft)
    let lambda = try decide(rule, sweep, &draft)
    var verdicts = [rule: lambda]
    for other in SignalRule.allCases where other != rule {
      verdicts[other] = try? decide(other, sweep, &draft)
    }
    var solver = try SignalSolver(problem)
    let estimate = try solver.estimate(lambda: lambda)
    return Choice(
      rule: rule, lambda: lambda, estimate: estimate, sweep: sweep, verdicts: verdicts,
      warnings: warnings(lambda, verdicts, sweep, estimate))
  }

  private func check(_ problem: SignalProblem) throws(DeblurringError) {
    let method = problem.method
    try problem.checkContent()
    guard method.hasLambda else { throw .lambdaMeaningless(method: method.rawValue) }
    if let truth {
      guard truth.count == problem.blur.matrix.columnCount else {
        throw .truthLength(truth: truth.count, unknowns: problem.blur.matrix.columnCount)
      }
      if let index = truth.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(what: "truth", index: index)
      }
    }
    switch rule {
    case .oracle where truth == nil: throw .truthUnknown
    case .vacuum where reference == nil: throw .referenceUnknown
    case .discrepancy where problem.noise == nil, .wiener where problem.noise == nil:
      throw .noiseUnknown(rule: rule.rawValue)
    case .gcv where !method.isLinear || problem.isNonNegative:
      throw .notLinear(
        rule: rule.rawValue,
        method: method.isLinear ? method.rawValue + " with x ≥ 0" : method.rawValue)
    case .wiener where method != .tikhonov:
      throw .ruleUnfit(rule: rule.rawValue, method: method.rawValue)
    default: break
    }
  }

  private func decide(
    _ rule: SignalRule, _ sweep: SignalSweep, _ solver: inout SignalSolver
  ) throws -> Double {
    func smallest(_ value: (SignalSweep.Point) -> Double?) -> Double? {
      sweep.points.filter { value($0) != nil }
        .min { (value($0) ?? .infinity) < (value($1) ?? .infinity) }?.lambda
    }
    let found: Double? =
      switch rule {
      case .oracle: smallest(\.rmse)
      case .gcv: smallest { sweep.trial($0).gcv }
      case .crossValidation: smallest(\.heldOut)
      case .lCurve: LCurve.corner(sweep.distinctTrials)
      case .vacuum: sweep.points.first { $0.leak ?? .infinity <= emptiness }?.lambda
      case .discrepancy: try discrepancy(sweep, &solver)
      case .wiener:
        sweep.problem.method != .tikhonov
          ? nil
          : try sweep.problem.noise.flatMap {
            ComponentSNR.lambda(
              try SpectralForm(sweep.problem.blur.matrix), sweep.problem.measurement, noise: $0)
          }
      }
    guard let found else {
      throw rule == .lCurve ? DeblurringError.noCorner : .neverMet(rule: rule.rawValue)
    }
    return found
  }

  /// The λ at which the residual is `√m ε`: bracketed by the sweep, then found to 1e-5 of it (3e-4 for an
  /// iterative method).
  ///
  /// The residual of truncated singular values jumps; for them, the largest λ of the sweep that meets it.
  private func discrepancy(
    _ sweep: SignalSweep, _ solver: inout SignalSolver
  ) throws -> Double? {
    var search = LambdaSearch()
    guard let noise = sweep.problem.noise,
      let place = search.interpolated(sweep.trials, noise)
    else { return nil }
    guard sweep.problem.method != .tsvd else {
      return sweep.trials.last { $0.residual <= noise }?.lambda
    }
    (search.start, search.factor, search.limit) = (place, 1.1, 40)
    search.range = sweep.points[0].lambda...sweep.points[sweep.points.count - 1].lambda
    let isExact = sweep.problem.method.isLinear && !sweep.problem.isNonNegative
    return try search.root(residual: noise, tolerance: isExact ? 1e-5 : 3e-4) { lambda in
      sweep.trial(try SignalSweep.point(of: &solver, lambda, truth: nil))
    }.lambda
  }

  private func warnings(
    _ lambda: Double, _ verdicts: [SignalRule: Double], _ sweep: SignalSweep,
    _ estimate: SignalEstimate
  ) -> [String] {
    var warnings: [String] = []
    let (first, last) = (sweep.points[0].lambda, sweep.points[sweep.points.count - 1].lambda)
    if lambda <= first || lambda >= last {
      warnings.append(
        "λ = \(short(lambda)) lies at the edge of what was tried; the best may lie beyond.")
    }
    // Against the truth no rule has anything to say.
    let rivals = rule == .oracle ? [:] : verdicts
    for (other, verdict) in rivals.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where max(verdict / lambda, lambda / verdict) > 3 {
      warnings.append(
        "\(rule.rawValue) chose λ = \(short(lambda)), but \(other.rawValue) says \(short(verdict))."
      )
    }
    if !estimate.isSettled {
      warnings.append("The iteration did not settle; its result is approximate.")
    }
    return warnings
  }
}

/// Three significant digits.
func short(_ value: Double) -> String {
  guard value != 0 && value.isFinite else { return "\(value)" }
  let digits = Double.exp10(Double.log10(abs(value)).rounded(.down) - 2)
  let text = "\(Float((value / digits).rounded() * digits))"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
