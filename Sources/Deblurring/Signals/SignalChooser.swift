import DenseAlgebra
package import Inversion
import RealModule

/// Chooses λ for a signal by one rule, and says what the others make of the same values.
package struct SignalChooser: Sendable {
  package static let rules: [ChoiceRule] = [
    .oracle, .discrepancy, .lCurve, .gcv, .crossValidation, .vacuum, .wiener,
  ]

  package internal(set) var rule: ChoiceRule
  package var truth: [Double]?
  /// Groups in which samples are left out.
  package var folds = 5
  /// Samples that hold nothing.
  package var reference: Range<Int>?
  /// What counts as empty: the root mean square of x there, over the largest |x|.
  package var emptiness = 0.05
  /// Where λ is sought; by the problem where it is `nil`.
  package var grid: LambdaGrid?

  package init(_ rule: ChoiceRule) { self.rule = rule }

  /// What a choice came to.
  @dynamicMemberLookup
  package struct Choice: Sendable, Encodable {
    let choice: LambdaChoice
    package let estimate: SignalEstimate
    package let sweep: SignalSweep

    package subscript<Value>(dynamicMember path: KeyPath<LambdaChoice, Value>) -> Value {
      choice[keyPath: path]
    }

    package func encode(to encoder: any Encoder) throws { try choice.encode(to: encoder, columns) }

    /// What tables and records tell of each value of λ.
    package var columns: [LambdaTrial.Column] {
      [.lambda, .residual, .penalty, .gcv, .heldOut, .leak, .rmse, .iterations]
    }
  }

  /// - Throws: `ChoiceError` for a rule that is not for signals; ``DeblurringError`` where it lacks what it needs or finds nothing.
  package func choose(_ problem: SignalProblem) throws -> Choice {
    try check(problem)
    var sweep = try SignalSweep(problem, grid ?? LambdaGrid(for: problem), truth: truth)
    // Predicting costs a few solves a value, which is little for a linear method.
    let isFast = problem.method.isLinear && !problem.isNonNegative
    let canFold = folds <= problem.measurement.count / 2
    if rule == .crossValidation || isFast && canFold { try sweep.predict(folds: folds) }
    if let reference { try sweep.watch(reference) }
    var draft = try SignalSolver(problem, .draft)
    let verdicts = try verdicts(sweep, &draft)
    guard let lambda = verdicts[rule] else { throw ChoiceError(undecided: rule) }
    var solver = try SignalSolver(problem)
    let estimate = try solver.estimate(lambda: lambda)
    let choice = LambdaChoice(
      rule, LambdaSearchResult(lambda: lambda, trials: sweep.trials), verdicts: verdicts,
      warnings: warnings(lambda, verdicts, sweep, estimate))
    return Choice(choice: choice, estimate: estimate, sweep: sweep)
  }

  private func check(_ problem: SignalProblem) throws {
    let method = problem.method
    try problem.checkContent()
    guard method.hasLambda else { throw DeblurringError.lambdaMeaningless(method: method.rawValue) }
    if let truth {
      guard truth.count == problem.blur.matrix.columnCount else {
        throw DeblurringError.truthLength(
          truth: truth.count, unknowns: problem.blur.matrix.columnCount)
      }
      if let index = truth.firstIndex(where: { !$0.isFinite }) {
        throw DeblurringError.notFinite(what: "truth", index: index)
      }
    }
    if rule == .wiener && method != .tikhonov { throw ChoiceError.notOffered(rule) }
    let isLinear = method.isLinear && !problem.isNonNegative
    try rule.check(
      among: Self.rules, noise: problem.noise,
      nonlinear: isLinear ? nil : method.rawValue + (method.isLinear ? " with x ≥ 0" : ""),
      hasTruth: truth != nil, hasVacuum: reference != nil)
  }

  /// What every rule says of the sweep, if it can decide.
  private func verdicts(
    _ sweep: SignalSweep, _ solver: inout SignalSolver
  ) throws -> [ChoiceRule: Double] {
    let problem = sweep.problem
    var verdicts = sweep.trials.verdicts(noise: nil, prediction: .crossValidation)
    verdicts[.lCurve] = LCurve.corner(sweep.distinctTrials)
    verdicts[.vacuum] = sweep.points.first { $0.leak ?? .infinity <= emptiness }?.lambda
    do {
      verdicts[.discrepancy] = try discrepancy(sweep, &solver)
    } catch  where rule != .discrepancy {}
    if problem.method == .tikhonov, let noise = problem.noise {
      verdicts[.wiener] = ComponentSNR.lambda(
        try SpectralForm(problem.blur.matrix), problem.measurement, noise: noise)
    }
    return verdicts
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
      let place = sweep.trials.crossing(residual: noise)
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
    _ lambda: Double, _ verdicts: [ChoiceRule: Double], _ sweep: SignalSweep,
    _ estimate: SignalEstimate
  ) -> [String] {
    let (first, last) = (sweep.points[0].lambda, sweep.points[sweep.points.count - 1].lambda)
    let isAtEdge = lambda <= first || lambda >= last
    return (isAtEdge ? [edgeNote("λ = \(short(lambda))")] : [])
      + rule.disagreements(lambda, verdicts)
      + (estimate.isSettled ? [] : ["The iteration did not converge; its result is approximate."])
  }
}
