import RealModule

/// How much less likely a count is under its mean than under itself, as twice the log of the ratio:
///
///     D(m, y) = 2 (m − y + y log(y/m)),   E D(m) = Σ_y e^(−m) m^y / y! · D(m, y)
///
/// A Poisson count of mean m has the expected deviance `E D(m)` = 2 m (E log(1 + y) − log m): near 1 for many counts,
/// 1.15 at m = 1.2, where it is largest, and far below 1 for m ≪ 1.
///
/// - Reference: P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd ed. (1989), section 2.3.
package enum Deviance {
  /// - Parameter mean: above 0.
  package static func of(_ count: Double, mean: Double) -> Double {
    let excess = count > 0 ? count * .log(count / mean) : 0
    return 2 * (mean - count + excess)
  }

  /// `E D`, within 1e-4 of itself.
  ///
  /// - Parameter mean: 0 or more.
  /// - Complexity: O(1)
  package static func expected(mean: Double) -> Double {
    guard mean > 0 else { return 0 }
    guard mean < reach else { return 1 + 1 / (6 * mean) + 1 / (6 * mean * mean) }
    let place = mean / reach * Double(logs.count - 1)
    let below = min(Int(place), logs.count - 2)
    let part = place - Double(below)
    return 2 * mean * ((1 - part) * logs[below] + part * logs[below + 1] - .log(mean))
  }

  private static let reach = 32.0

  /// `E log(1 + y)` at equal steps of the mean from 0 to ``reach``, by the sum.
  private static let logs: [Double] = {
    let steps = 4096
    return (0...steps).map { step in
      let mean = reach * Double(step) / Double(steps)
      var (probability, sum) = (Double.exp(-mean), 0.0)
      for count in 1...128 {
        probability *= mean / Double(count)
        sum += probability * .log(onePlus: Double(count))
      }
      return sum
    }
  }()
}
