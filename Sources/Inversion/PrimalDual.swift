public import Fields
import Operators

/// Minimises an ``Objective`` by the preconditioned and over-relaxed primal-dual method.
///
///     x̂ ← prox_T (x − T (Σₖ Jₖ(x)ᵀ qₖ + Kᵀ p)),   x̄ ← 2 x̂ − x
///     qₖ ← qₖ + ρ (prox_Σ (qₖ + Σₖ Hₖ(x̄)) − qₖ),  p likewise with K
///     x ← x + ρ (x̂ − x)
///
/// Each model is linear, or a `BoundedModel` with `Jₖ` its derivative; the objective of the latter is reported at `x̄`.
///
/// Fields: two of the unknown (`x`; `x̂` and `x̄` in turn), `p` and the regulariser's auxiliary fields, and for each fidelity three of the
/// measurement (`q`, `H x̄`, `H x`); one more of the unknown unless models can step in place.
///
/// - References: A. Chambolle and T. Pock, J. Math. Imaging Vis. 40, 120 (2011); L. Condat,
///   J. Optim. Theory Appl. 158, 460 (2013), algorithm 3.2; nonlinear models: T. Valkonen, Inverse
///   Problems 30, 055012 (2014); steps: T. Pock and A. Chambolle, ICCV 2011, 1762.
public struct PrimalDual: Sendable {
  /// Iterations at most, 300 by default; must be at least 1.
  public var iterationLimit = 300
  /// Ends once `‖x̂ − x‖ / ‖x̂‖` falls below this, 10⁻⁴ by default; 0 goes on to the limit.
  public var tolerance = 1e-4
  /// Iterations that are made even where the first ones hardly move.
  package var leastIterations = 2
  /// `ρ`, from 1 to below 2.
  package var relaxation: Float = 1.9
  /// How much longer than a step of gradient descent the primal step is.
  package var balance = 16.0
  /// The part of the primal step that is shared with the regulariser, relative to the fits.
  package var penaltyShare = 2.0
  /// Whether the objective is evaluated in every iteration, which costs up to a fifth of the time of
  /// small problems; the report has none otherwise.
  package var tracksObjective = true
  /// Whether the report says what is known of a denoiser at the end, which costs some calls of it.
  package var judgesDenoiser = false
  package var workers = Workers.all

  /// A solver with the default settings.
  public init() {}

  /// Minimises `objective`, starting from and overwriting `x`.
  ///
  /// - Parameters:
  ///   - x: as many values as the models have unknowns; zeros will do.
  ///   - onIteration: is told of each iteration and ends the run by `false`.
  /// - Throws: ``InversionError`` where a setting or a model cannot work, or the objective is no longer finite.
  @discardableResult
  public func minimise(
    _ objective: Objective, from x: inout FloatStorage,
    onIteration: (SolverReport) -> Bool = { _ in true }
  ) throws(InversionError) -> SolverReport {
    try minimise(objective, from: &x, goingOn: nil) { onIteration($0.report) }
  }

  /// The same, with duals `p` and `qₖ`, and auxiliary fields, of a similar objective to begin with.
  ///
  /// - Parameter duals: overwritten by those of the end; an empty list stands for zeros.
  @discardableResult
  package func minimise(
    _ objective: Objective, from x: inout FloatStorage, duals: inout [FloatStorage],
    onIteration: (SolverReport) -> Bool = { _ in true }
  ) throws(InversionError) -> SolverReport {
    try check()
    var run = try PrimalDualRun(self, objective, from: x)
    x = FloatStorage(zeros: 0)
    if !duals.isEmpty {
      run.duals = duals
      duals = []
    }
    let report = try iterate(&run, SolverReport(), &x) { onIteration($0.report) }
    duals = run.duals
    return report
  }

  /// The same, from where another run stood.
  ///
  /// - Parameters:
  ///   - state: what `onIteration` was told by that run; `x` does not matter then.
  ///   - onIteration: is told where the run stands after each iteration, and ends it by `false`.
  package func minimise(
    _ objective: Objective, from x: inout FloatStorage, goingOn state: consuming SolverState?,
    onIteration: (SolverState) -> Bool
  ) throws(InversionError) -> SolverReport {
    try check()
    precondition(x.count == objective.domainCount, "the start does not fit the model")
    var run = try PrimalDualRun(self, objective, from: x)
    x = FloatStorage(zeros: 0)
    var report = SolverReport()
    if let state {
      report = state.report
      run.fields = state.fields
    }
    return try iterate(&run, report, &x, onIteration)
  }

  private func iterate(
    _ run: inout PrimalDualRun, _ begun: SolverReport, _ x: inout FloatStorage,
    _ onIteration: (SolverState) -> Bool
  ) throws(InversionError) -> SolverReport {
    var report = begun
    while true {
      let iteration = report.iterations + 1
      let residual = run.stepPrimal()
      let value = try run.stepDual()
      guard residual.isFinite, value.objective.isFinite else {
        throw .diverged(iteration: iteration)
      }
      report.residual.append(residual)
      if tracksObjective {
        report.objective.append(value.objective)
        report.misfit.append(value.misfit)
      }
      // The first primal step knows nothing of the measurement yet.
      let isSettled = residual < tolerance && iteration >= leastIterations
      if isSettled || iteration >= iterationLimit {
        report.stop = isSettled ? .settled : .iterationLimit
        _ = onIteration(SolverState(report: report, fields: []))
        x = run.solution()
        if judgesDenoiser { report.denoiser = try run.denoiserFacts(x) }
        return report
      }
      run.relax()
      guard onIteration(SolverState(report: report, fields: run.fields)) else {
        report.stop = .cancelled
        x = run.fields[0]
        return report
      }
    }
  }

  /// A state with fields of the lengths that a run on `objective` has, for a kept one to be read into.
  package func emptyState(for objective: Objective) -> SolverState {
    let series = objective.fidelities.map { FloatStorage(zeros: $0.shape.count) }
    let volume = FloatStorage(zeros: objective.domainCount)
    let dual = FloatStorage(zeros: objective.regulariser?.dualCount ?? 0)
    return SolverState(
      report: SolverReport(),
      fields: [volume, dual] + series + series + objective.emptyAuxiliary)
  }

  private func check() throws(InversionError) {
    guard iterationLimit > 0 else { throw .setting("iteration limit", Double(iterationLimit)) }
    guard tolerance >= 0 else { throw .setting("tolerance", tolerance) }
    guard relaxation >= 1 && relaxation < 2 else {
      throw .setting("relaxation", Double(relaxation))
    }
    guard balance > 0 && balance.isFinite else { throw .setting("balance", balance) }
    guard penaltyShare > 0 && penaltyShare.isFinite else {
      throw .setting("penalty share", penaltyShare)
    }
  }
}

/// Where a run stands between two iterations.
package struct SolverState: Sendable {
  package var report: SolverReport
  /// `x`, `p`, `qₖ`, `Hₖ x` and auxiliary fields of the regulariser; empty once the run has ended.
  package var fields: [FloatStorage]

  package init(report: SolverReport, fields: [FloatStorage]) {
    (self.report, self.fields) = (report, fields)
  }
}

/// The fields of a run.
private struct PrimalDualRun {
  private let objective: Objective
  private let isLinear: [Bool]
  private let tracksObjective: Bool
  private let steps: Preconditioner
  private let ρ: Float
  private let workers: Workers
  private var x: FloatStorage
  /// `x̂` after the primal step, `x̄` after the dual one.
  private var ahead: FloatStorage
  private var p: FloatStorage
  /// Unknowns of the regulariser, and their duals.
  private var auxiliary: [FloatStorage]
  private var q: [FloatStorage]
  /// `H x̄` and `H x`.
  private var aheadSeen: [FloatStorage]
  private var seen: [FloatStorage]
  /// `Hᵀ q`, where a model cannot step in place.
  private var pullback: FloatStorage
  private var penalty = 0.0

  init(
    _ settings: PrimalDual, _ objective: Objective, from start: FloatStorage
  ) throws(InversionError) {
    self.objective = objective
    isLinear = objective.fidelities.map { $0.model is any LinearOperator }
    (ρ, workers) = (settings.relaxation, settings.workers)
    tracksObjective = settings.tracksObjective
    steps = try Preconditioner(
      objective, balance: settings.balance, penaltyShare: settings.penaltyShare)
    x = start
    ahead = FloatStorage(zeros: start.count)
    p = FloatStorage(zeros: objective.regulariser?.dualCount ?? 0)
    auxiliary = objective.emptyAuxiliary
    q = objective.fidelities.map { FloatStorage(zeros: $0.shape.count) }
    (aheadSeen, seen) = (q, q)
    let steps = objective.fidelities.allSatisfy { $0.model is any SteppingOperator }
    pullback = FloatStorage(zeros: steps ? 0 : start.count)
    for k in seen.indices {
      objective.fidelities[k].predict(x, into: &seen[k])
    }
  }

  /// `p`, `qₖ` and auxiliary fields.
  var duals: [FloatStorage] {
    get { [p] + q + auxiliary }
    set {
      p = newValue[0]
      q = Array(newValue[1..<1 + q.count])
      auxiliary = Array(newValue[(1 + q.count)...])
    }
  }

  /// What an iteration begins with.
  var fields: [FloatStorage] {
    get { [x, p] + q + seen + auxiliary }
    set {
      let count = q.count
      (x, p) = (newValue[0], newValue[1])
      q = Array(newValue[2..<2 + count])
      seen = Array(newValue[2 + count..<2 + 2 * count])
      auxiliary = Array(newValue[(2 + 2 * count)...])
    }
  }

  /// - Returns: `‖x̂ − x‖ / ‖x̂‖`
  mutating func stepPrimal() -> Double {
    let pointwise = objective.pointwise
    objective.stepAlongPenalty(&ahead, from: x, along: p, steps: steps.primal, workers)
    for k in q.indices {  // x̂ ← clip(x̂ − T Hₖᵀ qₖ)
      let isLast = k == q.count - 1
      let bounds =
        isLast && objective.shrinkage.isNone ? pointwise.bounds : -.infinity...(.infinity)
      objective.fidelities[k].step(
        &ahead, along: q[k], at: x, steps: steps.primal, clippedTo: bounds, pullback: &pullback,
        workers)
    }
    if !objective.shrinkage.isNone {  // x̂ ← clip(S(x̂, T μ₁) / (1 + T μ₂))
      workers.shrink(
        &ahead, by: objective.shrinkage, steps: steps.primal, clippedTo: pointwise.bounds)
    }
    if tracksObjective {
      penalty = objective.penalty(ahead, auxiliary: auxiliary, workers)
    }
    let (difference, norm) = workers.distance(ahead, x)
    workers.combine(2, &ahead, -1, x)  // x̄ ← 2 x̂ − x
    return norm > 0 ? (difference / norm).squareRoot() : difference > 0 ? 1 : 0
  }

  /// - Returns: the objective and its fit at `x̂`, or zeros.
  mutating func stepDual() throws(InversionError) -> (objective: Double, misfit: Double) {
    var misfit = 0.0
    for k in q.indices {
      let term = objective.fidelities[k]
      term.predict(ahead, into: &aheadSeen[k])  // H x̄
      if tracksObjective, isLinear[k] {
        workers.combine(0.5, &seen[k], 0.5, aheadSeen[k])  // H x̂
        misfit += term.value(seen[k], workers)
        workers.combine(2 - ρ, &seen[k], ρ - 1, aheadSeen[k])  // H x of the next iteration
      } else if tracksObjective {
        misfit += term.value(aheadSeen[k], workers)
      }
      let step = DualStep(steps: steps.duals[k], weight: term.weight, relaxation: ρ)
      term.formDual(&q[k], aheadSeen[k], step: step, workers)
    }
    objective.formPenaltyDual(
      &p, auxiliary: &auxiliary, from: ahead, step: steps.penalty, relaxation: ρ)
    try objective.regulariser?.confirm()
    return (misfit + penalty, misfit)
  }

  /// `x ← x + ρ (x̂ − x)`
  mutating func relax() { workers.combine(1 - 0.5 * ρ, &x, 0.5 * ρ, ahead) }

  func denoiserFacts(_ x: FloatStorage) throws(InversionError) -> DenoiserFacts? {
    try (objective.regulariser as? PlugAndPlay)?
      .facts(objective, x, dual: p, auxiliary: auxiliary)
  }

  /// `x̂`
  mutating func solution() -> FloatStorage {
    workers.combine(0.5, &x, 0.5, ahead)
    return x
  }
}
