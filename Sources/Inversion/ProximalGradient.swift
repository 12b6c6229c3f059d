package import Fields
import Operators

/// The accelerated proximal gradient method (FISTA) with backtracking and adaptive restart.
///
///     v ← z − τ Σₖ λₖ Jₖᵀ ∂Dₖ(Hₖ z),     x ← prox_τR (v),     z ← x + (t − 1)/t′ · (x − x_previous)
///
/// `τ` is halved until the quadratic bound at `z` holds at `x`; momentum starts anew whenever it
/// points uphill. The proximal step of a regulariser is found by accelerated dual iterations, which
/// start from where they last ended.
///
/// Fields: five of the unknown, two duals, and two of each measurement.
///
/// - References: A. Beck and M. Teboulle, SIAM J. Imaging Sci. 2, 183 (2009) and IEEE Trans. Image
///   Process. 18, 2419 (2009); B. O'Donoghue and E. Candès, Found. Comput. Math. 15, 715 (2015).
package struct ProximalGradient: Sendable {
  package var iterationLimit = 300
  /// Ends once `‖x − x_previous‖ / ‖x‖` falls below this.
  package var tolerance = 1e-5
  /// Dual iterations of each proximal step.
  package var innerIterations = 10
  /// `τ` to begin with; by default found by power iteration at the start.
  package var step: Double?
  /// As in ``PrimalDual``.
  package var judgesDenoiser = false
  package var workers = Workers.all

  package init() {}

  /// Minimises `objective`, starting from and overwriting `x`.
  ///
  /// - Parameter onIteration: is told of each iteration and ends the run by `false`.
  /// - Throws: ``InversionError`` where a setting cannot work, the regulariser has unknowns of its own, or the objective is not finite.
  @discardableResult
  package func minimise(
    _ objective: Objective, from x: inout FloatStorage,
    onIteration: (SolverReport) -> Bool = { _ in true }
  ) throws(InversionError) -> SolverReport {
    try check()
    let denoiser = objective.regulariser as? PlugAndPlay
    if let regulariser = objective.regulariser, denoiser == nil,
      !(regulariser is any ProximalRegulariser)
    {
      throw .auxiliaryUnknowns
    }
    var fit = SmoothFit(objective, workers)
    var proximal = ProximalStep(objective, iterations: innerIterations, workers: workers)
    var ahead = x  // z
    var previous = x
    var gradient = FloatStorage(zeros: x.count)
    var candidate = FloatStorage(zeros: x.count)
    var momentum: Float = 1
    var τ = step ?? fit.firstStep(at: x, gradient: &gradient, scratch: &candidate)
    // A dual step of μ is stable up to 1/τ.
    if let fixed = objective.regulariser?.fixedStep { τ = min(τ, 1 / Double(fixed)) }
    var report = SolverReport()

    for iteration in 1...iterationLimit {
      let valueAhead = fit.gradient(at: ahead, into: &gradient)
      var value = Double.infinity
      while true {
        workers.combine(0, &candidate, 1, ahead)
        workers.combine(1, &candidate, -Float(τ), gradient)  // v ← z − τ ∇f(z)
        swap(&previous, &x)
        try proximal.form(&x, of: candidate, step: Float(τ))  // x ← prox (v)
        value = fit.value(at: x)
        guard value.isFinite || τ > 1e-30 else { throw .diverged(iteration: iteration) }
        // f(x) ≤ f(z) + ⟨∇f(z), x − z⟩ + ‖x − z‖² / 2τ, as far as Float can tell
        let slope = workers.inner(gradient, x) - workers.inner(gradient, ahead)
        let distance = workers.distance(x, ahead).difference
        let bound = valueAhead + slope + distance / (2 * τ)
        if value <= bound + 1e-6 * abs(value) { break }
        τ *= 0.5
        swap(&previous, &x)
      }
      let (change, norm) = workers.distance(x, previous)
      let residual = norm > 0 ? (change / norm).squareRoot() : change > 0 ? 1 : 0
      let penalty = objective.penalty(x, auxiliary: [], workers)
      guard penalty.isFinite else { throw .diverged(iteration: iteration) }
      report.add(objective: value + penalty, misfit: value, residual: residual)

      let goesOn = onIteration(report)
      if !goesOn || residual < tolerance {
        report.stop = goesOn ? .settled : .cancelled
        break
      }
      // ⟨z − x, x − x_previous⟩ > 0: momentum points uphill.
      let uphill =
        workers.inner(ahead, x) - workers.inner(ahead, previous) - workers.inner(x, x)
        + workers.inner(x, previous)
      if uphill > 0 { momentum = 1 }
      let next = 0.5 * (1 + (1 + 4 * momentum * momentum).squareRoot())
      let β = (momentum - 1) / next
      momentum = next
      workers.combine(0, &ahead, 1 + β, x)  // z ← x + β (x − x_previous)
      workers.combine(1, &ahead, -β, previous)
    }
    if judgesDenoiser {
      report.denoiser = try denoiser?
        .facts(objective, x, dual: proximal.dual, auxiliary: proximal.auxiliary)
    }
    return report
  }

  private func check() throws(InversionError) {
    guard iterationLimit > 0 else { throw .setting("iteration limit", Double(iterationLimit)) }
    guard tolerance >= 0 else { throw .setting("tolerance", tolerance) }
    guard innerIterations > 0 else { throw .setting("inner iterations", Double(innerIterations)) }
    if let step, !(step > 0 && step.isFinite) { throw .setting("step", step) }
  }
}
