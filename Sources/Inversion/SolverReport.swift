/// What a solver did, in a form that can be written beside its result.
public struct SolverReport: Sendable, Codable, Equatable {
  /// Why a run ended.
  public enum Stop: String, Sendable, Codable {
    /// The fixed-point residual fell below the tolerance.
    case settled
    /// The limit came first: the result had not settled yet.
    case iterationLimit
    /// The caller ended the run.
    case cancelled
  }

  /// The objective after each iteration.
  public internal(set) var objective: [Double] = []
  /// The data terms `Σₖ λₖ Dₖ` after each iteration, without penalties.
  public internal(set) var misfit: [Double] = []
  /// The fixed-point residual `‖x̂ − x‖ / ‖x̂‖` of each iteration.
  public internal(set) var residual: [Double] = []
  /// Why the run ended.
  public internal(set) var stop: Stop = .iterationLimit

  /// Of a denoiser in the place of a penalty, where that was asked for.
  package var denoiser: DenoiserFacts?

  /// Iterations that were made.
  public var iterations: Int { residual.count }

  package init() {}

  /// A run on its way, from what was recorded of it.
  package init(objective: [Double], misfit: [Double], residual: [Double]) {
    (self.objective, self.misfit, self.residual) = (objective, misfit, residual)
  }

  /// Goes on with what another run of the same objective reports.
  package mutating func append(_ part: SolverReport) {
    objective += part.objective
    misfit += part.misfit
    residual += part.residual
    stop = part.stop
  }

  mutating func add(objective: Double, misfit: Double, residual: Double) {
    self.objective.append(objective)
    self.misfit.append(misfit)
    self.residual.append(residual)
  }
}
