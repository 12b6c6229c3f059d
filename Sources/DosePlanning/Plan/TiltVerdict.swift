package import Records

/// The number of tilts from which more do not help a method.
///
/// With the mean error m_N over R repeats, N tilts *help over* n where
///
///     m_N < m_n − max(2 √(e_N² + e_n²), m_n / 100),   e_N = s m_N / √R
///
/// and s is the relative standard deviation of one error, pooled over all counts of the method
/// (Σ (R − 1) degrees of freedom). ``enough`` is the fewest tilts that no larger count helps over. A
/// gain below 1 % is none, however surely it is measured.
package struct TiltVerdict: Sendable, Hashable, Encodable {
  package static let errors = 2.0
  package static let leastGain = 0.01

  package let method: String
  /// Of the least mean error.
  package let best: Int
  /// `nil` with a single repeat, which has no statistical error.
  @Nullable package private(set) var enough: Int?
  /// The fewest tilts beyond ``enough`` over which ``enough`` helps: more do harm.
  @Nullable package private(set) var harmful: Int?
  /// s / √R: the relative standard error of a cell's mean.
  @Nullable package private(set) var relativeError: Double?

  /// - Parameter cells: of one method, counts ascending; at least one.
  init(_ cells: [PlanCell]) {
    let means = cells.map(\.rmse.mean)
    (method, best) = (
      cells[0].method, cells[means.indices.min { means[$0] < means[$1] } ?? 0].tiltCount
    )
    let repeats = Double(cells[0].runs.count)
    guard repeats > 1 else { return }
    let variance = cells.reduce(0) { sum, cell in
      let relative = (cell.rmse.deviation ?? 0) / cell.rmse.mean
      return sum + relative * relative
    }
    let error = (variance / Double(cells.count) / repeats).squareRoot()
    func helps(_ better: Int, over worse: Int) -> Bool {
      let (m, n) = (means[better], means[worse])
      let noise = Self.errors * error * (m * m + n * n).squareRoot()
      return m < n - max(noise, Self.leastGain * n)
    }
    let first =
      cells.indices.first { n in !cells.indices.contains { $0 > n && helps($0, over: n) } } ?? 0
    (enough, relativeError) = (cells[first].tiltCount, error)
    harmful = cells.indices.first { $0 > first && helps(first, over: $0) }
      .map { cells[$0].tiltCount }
  }

  /// One a method, in the order of the cells.
  package static func all(_ cells: [PlanCell]) -> [TiltVerdict] {
    var groups: [[PlanCell]] = []
    for cell in cells {
      if groups.last?.first?.method == cell.method {
        groups[groups.count - 1].append(cell)
      } else {
        groups.append([cell])
      }
    }
    return groups.map { TiltVerdict($0) }
  }
}
