import DenseAlgebra

/// The weighted least-squares fit of `a f₀ + b f₁ + c f₂`, by the normal equations.
///
/// A weight of 10⁻⁹ on every coefficient keeps the fit finite where functions are hardly told apart.
struct ThreeTermFit {
  let coefficients: [Double]

  init(_ rows: [[Double]], _ values: [Double], weights: [Double]? = nil) {
    var left = [[Double]](repeating: [0, 0, 0], count: 3)
    var right = [0.0, 0.0, 0.0]
    for (k, row) in rows.enumerated() {
      let weight = weights?[k] ?? 1
      for i in 0..<3 {
        right[i] += weight * row[i] * values[k]
        for j in 0..<3 { left[i][j] += weight * row[i] * row[j] }
      }
    }
    for i in 0..<3 { left[i][i] += 1e-9 * max(left[i][i], Double(rows.count) * 1e-3) }
    let normal = Matrix(rowCount: 3, columnCount: 3) { left[$0][$1] }
    coefficients = (try? Cholesky(normal))?.solve(right) ?? [0, 0, 0]
  }

  func at(_ row: [Double]) -> Double { zip(coefficients, row).reduce(0) { $0 + $1.0 * $1.1 } }
}
