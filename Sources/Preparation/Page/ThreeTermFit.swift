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
    for i in 0..<3 {
      for k in i + 1..<3 {
        let factor = left[k][i] / left[i][i]
        for j in i..<3 { left[k][j] -= factor * left[i][j] }
        right[k] -= factor * right[i]
      }
    }
    var fit = [0.0, 0.0, 0.0]
    for i in [2, 1, 0] {
      let known = (i + 1..<3).reduce(0.0) { $0 + left[i][$1] * fit[$1] }
      fit[i] = (right[i] - known) / left[i][i]
    }
    coefficients = fit
  }

  func at(_ row: [Double]) -> Double { zip(coefficients, row).reduce(0) { $0 + $1.0 * $1.1 } }
}
