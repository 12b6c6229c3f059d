import Fields
import Operators

/// `x ← argmin_x R(x) + μ₁ ‖x‖₁ + ‖x − v‖² / 2τ`, with `x` in bounds.
///
/// With a regulariser the dual is solved by fast gradient projection,
///
///     x ← clip(S(v − τ Kᵀ r, τ μ₁) / (1 + τ μ₂)),     p ← prox (r + K x / (τ ‖K‖²)),     r ← p + β (p − p_previous)
///
/// starting from the `p` of the last call, with another step of the dual where only that is possible (at most `1/τ`); without one, the first line alone is the answer.
///
/// - Reference: A. Beck and M. Teboulle, IEEE Trans. Image Process. 18, 2419 (2009).
struct ProximalStep {
  private let objective: Objective
  private let iterations: Int
  private let workers: Workers
  /// `r`, and `p` of the last iteration.
  private var ahead: FloatStorage
  private(set) var dual: FloatStorage
  /// Of a denoiser.
  private(set) var auxiliary: [FloatStorage]

  init(_ objective: Objective, iterations: Int, workers: Workers) {
    (self.objective, self.iterations, self.workers) = (objective, iterations, workers)
    ahead = FloatStorage(zeros: objective.regulariser?.dualCount ?? 0)
    dual = ahead
    auxiliary = objective.emptyAuxiliary
  }

  mutating func form(
    _ x: inout FloatStorage, of v: borrowing FloatStorage, step τ: Float
  ) throws(InversionError) {
    let steps = RunFactors(uniform: τ)
    guard let regulariser = objective.regulariser else {
      return formPrimal(&x, of: v, steps: steps)
    }
    let sums = regulariser.operatorSums
    let σ = regulariser.fixedStep ?? 1 / (τ * sums.row * sums.column)
    var momentum: Float = 1
    workers.combine(0, &ahead, 1, dual)
    for _ in 0..<iterations {
      formPrimal(&x, of: v, steps: steps)
      // p
      objective.formPenaltyDual(&ahead, auxiliary: &auxiliary, from: x, step: σ, relaxation: 1)
      try regulariser.confirm()
      let next = 0.5 * (1 + (1 + 4 * momentum * momentum).squareRoot())
      let β = (momentum - 1) / next
      momentum = next
      workers.combine(-β, &dual, 1 + β, ahead)  // r ← p + β (p − p_previous)
      swap(&ahead, &dual)
    }
    workers.combine(0, &ahead, 1, dual)
    formPrimal(&x, of: v, steps: steps)
  }

  /// `x ← clip(S(v − τ Kᵀ r, τ μ₁) / (1 + τ μ₂))`
  private func formPrimal(
    _ x: inout FloatStorage, of v: borrowing FloatStorage, steps: RunFactors
  ) {
    objective.stepAlongPenalty(&x, from: v, along: ahead, steps: steps, workers)
    workers.shrink(
      &x, by: objective.shrinkage, steps: steps, clippedTo: objective.pointwise.bounds)
  }
}
