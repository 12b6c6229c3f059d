import DenseAlgebra
import RealModule

/// The corner of the L-curve: the λ of largest curvature of log R(x) against log residual.
///
/// With ρ = log residual, η = log R and primes for derivatives with respect to log λ,
///
///     κ = (ρ′ η″ − ρ″ η′) / (ρ′² + η′²)^{3/2}
///
/// Derivatives are those of local quadratics through five neighbouring trials, so that one odd trial
/// does not make a corner. Large κ is a turn from falling R to growing residual.
///
/// - Reference: P. C. Hansen and D. P. O'Leary, SIAM J. Sci. Comput. 14, 1487 (1993).
package enum LCurve {
  /// - Returns: `nil` for fewer than five usable trials, or where nothing bends.
  package static func corner(_ trials: [LambdaTrial]) -> Double? {
    let usable =
      trials
      .filter { $0.residual > 0 && $0.penalty > 0 }
      .sorted { $0.lambda < $1.lambda }
    guard usable.count >= 5 else { return nil }
    let t = usable.map { Double.log($0.lambda) }
    let rho = usable.map { Double.log($0.residual) }
    let eta = usable.map { Double.log($0.penalty) }
    var best: (curvature: Double, index: Int)?
    for k in 1..<usable.count - 1 {
      let window = max(0, k - 2)...min(usable.count - 1, k + 2)
      guard let r = derivatives(t, rho, window, at: t[k]),
        let e = derivatives(t, eta, window, at: t[k])
      else { continue }
      let speed = r.first * r.first + e.first * e.first
      guard speed > 0 else { continue }
      let curvature = (r.first * e.second - r.second * e.first) / (speed * speed.squareRoot())
      if curvature > best?.curvature ?? 0 { best = (curvature, k) }
    }
    return best.map { usable[$0.index].lambda }
  }

  /// The first and second derivative at `place` of the least-squares quadratic through a window.
  private static func derivatives(
    _ t: [Double], _ y: [Double], _ window: ClosedRange<Int>, at place: Double
  ) -> (first: Double, second: Double)? {
    // c₀ + c₁ u + c₂ u²
    let powers = Matrix(rowCount: window.count, columnCount: 3) { k, power in
      .pow(t[window.lowerBound + k] - place, power)
    }
    guard let values = try? SingularValues(powers), values.conditionNumber < 1e5 else { return nil }
    let c = values.leastSquares(Array(y[window]))
    return (c[1], 2 * c[2])
  }
}
