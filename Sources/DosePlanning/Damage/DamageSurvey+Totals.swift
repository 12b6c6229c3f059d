import Fields

extension DamageSurvey {
  /// `M_k = a + b d_k`, L = −b / a.
  ///
  /// The error of L propagates those of b and of the weighted mean of M, which are independent, and of
  /// the vacuum level, which shifts all M alike. A film too thin to be seen, or a vacuum that drifts,
  /// would give a slope c of the levels beyond the object and c · pixels of b: the error of c counts
  /// too, and where c stands out by three times its error slices are not relied on.
  ///
  /// - Returns: `nil` where no slices can be relied on.
  func fromTotals(_ edges: EdgeSurvey) -> DamageReport? {
    guard edges.isTrusted else { return nil }
    let shape = series.shape
    let pixels = Double(edges.slices.count * shape.binCount)
    let totals = (0..<shape.tiltCount).map { tilt in
      edges.slices.reduce(0.0) { sum, slice in
        (0..<shape.binCount).reduce(sum) { $0 + Double(series[tilt, slice, $1]) }
      } - pixels * edges.vacuum
    }
    guard let fit = constantFit(totals), let level = constantFit(edges.levels),
      fit.nuisance[0] > 0
    else { return nil }
    let start = fit.nuisance[0]
    let loss = -fit.slope / start
    let (drift, driftError) = (
      level.slope * pixels / start, level.slopeError * pixels / start
    )
    guard abs(drift) <= max(3 * driftError, Self.leastDrift) else { return nil }
    let sum = weights.reduce(0, +)
    let centre = zip(totals, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
    let squares = zip(fit.residuals, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let centreVariance = squares / Double(fit.freedom) / sum * fit.inflation
    // ∂L/∂b = −M̄ / a², ∂L/∂M̄ = b / a², ∂L/∂(vacuum) = −L pixels / a
    let parts = [
      centre / (start * start) * fit.slopeError,
      fit.slope / (start * start) * centreVariance.squareRoot(),
      loss * pixels * edges.vacuumError / start, driftError,
    ]
    let error = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return report(
      .totalIntensity(
        slices: edges.slices, vacuum: edges.vacuum, vacuumError: edges.vacuumError,
        unseen: edges.unseen, vacuumTrend: driftError),
      judged(loss, error), relative: totals.map { $0 / start }, fitted: dose.map { 1 - loss * $0 })
  }

  private func constantFit(_ values: [Double]) -> LineFit? {
    LineFit(
      values, over: dose, nuisance: [dose.map { _ in 1 }], weights: weights, orders: orders)
  }
}
