/// Where a held-out error over turns of the pages is least, and how well its pages agree on that.
///
/// The parabola a + b ρ + c ρ² that fits the sum of the pages' residuals best has its lowest place at
///
///     ρ̂ = −b / 2c
///
/// A page takes part in every prediction but its own, and a particle shows on all pages, so that neither tells of the turn by
/// itself. Leaving out one page after the other, or one band of rows, gives n more places, of which the jackknife makes a
/// standard deviation, and Student's t with n − 1 degrees of freedom an interval that holds the turn in 95 % of cases; the
/// wider of both is taken:
///
///     σ² = (n − 1)/n Σ_k (ρ̂_k − ρ̄)²,      e = t₀.₉₇₅ σ
///
/// - Reference: B. Efron and C. Stein, Ann. Stat. 9, 586 (1981).
package struct TurnEstimate: Sendable, Hashable {
  /// In degrees; `nil` where the curve has no lowest place within or near the values.
  package let best: Double?
  /// Half of the 95 % interval, in degrees; infinite where there is no lowest place.
  package let error: Double
  /// Whether the curve falls towards one end of the values whichever part is left out.
  package let isBeyond: Bool

  /// - Parameters:
  ///   - turns: three or more, in degrees.
  ///   - residuals: `[turn][page][band]`, of the pages that count, weighted alike at every turn.
  package init(_ turns: [Double], _ residuals: [[[Double]]]) {
    let middle = turns.reduce(0, +) / Double(turns.count)
    let places = turns.map { $0 - middle }
    let reach = (places.max() ?? 0) - (places.min() ?? 0)
    /// Where a parabola is lowest, within reach; at the lower end where it has no lowest place.
    func lowest(_ sums: [Double]) -> Double {
      let (slope, bend) = Self.parabola(places, sums)
      let place = bend > 0 ? -slope / (2 * bend) : slope > 0 ? -reach : reach
      return min(max(place, -reach), reach)
    }
    let byPage = residuals.map { $0.map { $0.reduce(0, +) } }
    let byBand = residuals.map { pages in
      (pages.first ?? []).indices.map { band in pages.reduce(0) { $0 + $1[band] } }
    }
    let sums = byPage.map { $0.reduce(0, +) }
    let found = lowest(sums)
    let others = [byPage, byBand].map { parts in
      (parts.first ?? []).indices.map { part in
        lowest(sums.indices.map { sums[$0] - parts[$0][part] })
      }
    }
    let isWithin = abs(found) < reach
    best = isWithin ? middle + found : nil
    error = isWithin ? others.map(Self.jackknife).max() ?? .infinity : .infinity
    isBeyond = !isWithin && others.allSatisfy { $0.allSatisfy { $0 == found } }
  }

  private static func jackknife(_ places: [Double]) -> Double {
    guard places.count > 1 else { return .infinity }
    let n = Double(places.count)
    let mean = places.reduce(0, +) / n
    let squares = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return studentT(degreesOfFreedom: places.count - 1) * (squares * (n - 1) / n).squareRoot()
  }

  /// b and c of the least-squares a + b x + c x².
  private static func parabola(_ x: [Double], _ y: [Double]) -> (slope: Double, bend: Double) {
    let n = Double(x.count)
    let (mx, mq, my) = (
      x.reduce(0, +) / n, x.reduce(0) { $0 + $1 * $1 } / n, y.reduce(0, +) / n
    )
    return fit(y.map { $0 - my }, x.map { $0 - mx }, x.map { $0 * $0 - mq })
  }
}

/// The t that 97.5 % of Student's distribution lie below, to 0.2 % from three degrees of freedom on.
///
/// The first terms of the expansion about the normal quantile z = 1.95996; one and two degrees are known in closed form.
///
/// - Reference: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.5.
package func studentT(degreesOfFreedom n: Int) -> Double {
  guard n > 2 else { return n == 2 ? 4.30265 : 12.7062 }
  let (z, n) = (1.959964, Double(n))
  let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z)
  let first = (z3 + z) / 4
  let second = (5 * z5 + 16 * z3 + 3 * z) / 96
  let third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
  let z9 = z7 * z * z
  let fourth = (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / 92_160
  return z + first / n + second / (n * n) + third / (n * n * n) + fourth / (n * n * n * n)
}
