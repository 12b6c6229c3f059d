import Fields
import Inversion
import Reconstruction

/// A primal-dual run that a keeper follows.
struct KeptSolve {
  private let solver: PrimalDual
  private let objective: Objective
  private let keeper: (any RunKeeper)?
  private let monitor: Monitor

  init(
    _ solver: PrimalDual, _ objective: Objective, _ keeper: (any RunKeeper)?,
    _ monitor: Monitor
  ) {
    (self.solver, self.objective, self.keeper, self.monitor) = (solver, objective, keeper, monitor)
  }

  /// - Parameter tell: is told of each iteration, and ends the run by `false`.
  func run(
    from x: inout FloatStorage, _ tell: (SolverReport) -> Bool
  ) throws -> SolverReport {
    var failure: (any Error)?
    let report = try solver.minimise(objective, from: &x, goingOn: try kept()) { state in
      let goesOn = tell(state.report)
      guard let keeper, !state.fields.isEmpty else { return goesOn }
      do {
        try keeper.keep(WholeRunState(state), monitor)
      } catch {
        failure = error
      }
      return goesOn && failure == nil
    }
    if let failure { throw failure }
    return report
  }

  private func kept() throws -> SolverState? {
    guard let keeper, let point = keeper.point else { return nil }
    var state = WholeRunState(fields: solver.emptyState(for: objective).fields)
    _ = try keeper.restore(&state)
    let entries = state.numbers
    guard entries.map(\.count) == [Int](repeating: point.refinements, count: 3) else {
      throw ReconstructionError.pointOfAnotherRun
    }
    return SolverState(
      report: SolverReport(objective: entries[0], misfit: entries[1], residual: entries[2]),
      fields: state.fields)
  }
}

extension WholeRunState {
  /// Of the history only the length is used: the report's own numbers are kept beside it.
  fileprivate init(_ state: SolverState) {
    let report = state.report
    self.init(
      history: (0..<report.iterations).map {
        HistoryEntry(iteration: $0 + 1, misfit: nil, residual: nil, relativeChange: nil)
      }, numbers: [report.objective, report.misfit, report.residual], fields: state.fields)
  }
}
