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
public enum LCurve {
  /// - Returns: `nil` for fewer than five usable trials, or where nothing bends.
  public static func corner(_ trials: [Trial]) -> Double? {
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
    var moments = [Double](repeating: 0, count: 5)
    var sums = [Double](repeating: 0, count: 3)
    for k in window {
      let u = t[k] - place
      var power = 1.0
      for j in 0..<5 {
        moments[j] += power
        if j < 3 { sums[j] += power * y[k] }
        power *= u
      }
    }
    // Cramer's rule for the normal equations of c₀ + c₁ u + c₂ u².
    let m = moments
    let det =
      m[0] * (m[2] * m[4] - m[3] * m[3]) - m[1] * (m[1] * m[4] - m[2] * m[3])
      + m[2] * (m[1] * m[3] - m[2] * m[2])
    guard abs(det) > 1e-14 else { return nil }
    let s = sums
    let c1 =
      (m[0] * (s[1] * m[4] - m[3] * s[2]) - s[0] * (m[1] * m[4] - m[3] * m[2])
        + m[2] * (m[1] * s[2] - s[1] * m[2])) / det
    let c2 =
      (m[0] * (m[2] * s[2] - m[3] * s[1]) - m[1] * (m[1] * s[2] - m[2] * s[1])
        + s[0] * (m[1] * m[3] - m[2] * m[2])) / det
    return (c1, 2 * c2)
  }
}
