import DenseAlgebra
import RealModule

/// Values of λ with a constant ratio.
package struct LambdaGrid: Sendable, Hashable {
  package let first: Double
  package let last: Double
  package let count: Int

  /// - Returns: `nil` unless `0 < first < last` and there are at least five values.
  package init?(from first: Double, to last: Double, count: Int) {
    guard first > 0 && first < last && last.isFinite && count >= 5 else { return nil }
    (self.first, self.last, self.count) = (first, last, count)
  }

  /// Where λ makes a difference for a problem: below the first value it does next to nothing, above
  /// the last it leaves next to nothing.
  ///
  /// Quadratic penalties and truncation: 1e-10 to 10 times `‖H‖²`, ten values a decade. L1 and TV: 1e-6 to 1 times
  /// the λ that makes the solution zero or constant, five values a decade:
  ///
  ///     λ_max = ‖Hᵀy‖_∞,   and for TV  max_k |Σ_{j ≤ k} (Hᵀ(y − c H1))_j|,  c = ⟨H1, y⟩ / ‖H1‖²
  package init(for problem: SignalProblem) {
    let (h, y) = (problem.blur.matrix, problem.measurement)
    switch problem.method {
    case .l1:
      self.init(below: h.transposedTimes(y).reduce(0) { max($0, abs($1)) })
    case .tv:
      let flat = h * [Double](repeating: 1, count: h.columnCount)
      let level = dot(flat, y) / max(dot(flat, flat), .leastNormalMagnitude)
      let pull = h.transposedTimes(zip(y, flat).map { $0 - level * $1 })
      var (sum, largest) = (0.0, 0.0)
      for value in pull {
        sum += value
        largest = max(largest, abs(sum))
      }
      self.init(below: largest)
    default:
      // The largest row and column sums bound the norm: ‖H‖² ≤ ‖H‖₁ ‖H‖_∞.
      let rows = (0..<h.rowCount).map { h.row($0).reduce(0) { $0 + abs($1) } }
      let columns = (0..<h.columnCount).map { h.column($0).reduce(0) { $0 + abs($1) } }
      let square = (rows.max() ?? 1) * (columns.max() ?? 1)
      self.init(from: 1e-10 * square, 10 * square, 111)
    }
  }

  package init(from first: Double, _ last: Double, _ count: Int) {
    (self.first, self.last, self.count) = (first, last, count)
  }

  private init(below largest: Double) {
    let largest = largest > 0 ? largest : 1
    self.init(from: 1e-6 * largest, largest, 31)
  }

  /// From the smallest up.
  package var values: [Double] {
    let (low, high) = (Double.log10(first), Double.log10(last))
    return (0..<count).map {
      .exp10(low + (high - low) * Double($0) / Double(count - 1))
    }
  }
}
