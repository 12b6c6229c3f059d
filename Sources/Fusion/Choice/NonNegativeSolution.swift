/// The solution of `n` equations, `[coefficients | right]`, whose unknowns but the last are not negative: those that
/// would be are left out, the most negative first.
///
/// - Parameter fixed: values of unknowns that are known.
func nonNegativeSolution(_ rows: [[Double]], fixed: [Double?]) -> [Double] {
  var fixed = fixed
  while true {
    let free = fixed.indices.filter { fixed[$0] == nil }
    var system = free.map { i in
      free.map { rows[i][$0] }
        + [rows[i][rows.count] - fixed.indices.reduce(0) { $0 + rows[i][$1] * (fixed[$1] ?? 0) }]
    }
    let found = eliminated(&system)
    var solution = fixed.map { $0 ?? 0 }
    for (k, i) in free.enumerated() { solution[i] = found[k] }
    let worst = free.filter { $0 < rows.count - 1 }.min { solution[$0] < solution[$1] }
    guard let worst, solution[worst] < 0 else { return solution }
    fixed[worst] = 0
  }
}

/// Gauss's elimination with row exchange; 0 for unknowns that nothing determines.
private func eliminated(_ system: inout [[Double]]) -> [Double] {
  let n = system.count
  for k in 0..<n {
    let pivot = (k..<n).max { abs(system[$0][k]) < abs(system[$1][k]) } ?? k
    system.swapAt(k, pivot)
    guard system[k][k] != 0 else { continue }
    for i in 0..<n where i != k {
      let factor = system[i][k] / system[k][k]
      for j in k...n { system[i][j] -= factor * system[k][j] }
    }
  }
  return (0..<n).map { system[$0][$0] != 0 ? system[$0][n] / system[$0][$0] : 0 }
}

/// The inverse of a symmetric matrix; rows that nothing determines are 0.
func inverse(_ matrix: [[Double]]) -> [[Double]] {
  let n = matrix.count
  let columns = (0..<n).map { k in
    var system = matrix.indices.map { matrix[$0] + [$0 == k ? 1 : 0] }
    return eliminated(&system)
  }
  return (0..<n).map { i in columns.map { $0[i] } }
}
