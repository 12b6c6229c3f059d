/// The least-squares a, b of `values ≈ a x + b y`.
func fit(_ values: [Double], _ x: [Double], _ y: [Double]) -> (Double, Double) {
  var (xx, yy, xy, vx, vy) = (0.0, 0.0, 0.0, 0.0, 0.0)
  for i in values.indices {
    (xx, yy, xy) = (xx + x[i] * x[i], yy + y[i] * y[i], xy + x[i] * y[i])
    (vx, vy) = (vx + values[i] * x[i], vy + values[i] * y[i])
  }
  let determinant = xx * yy - xy * xy
  guard determinant > 1e-12 * max(xx * yy, .leastNormalMagnitude) else {
    return xx > 0 ? (vx / xx, 0) : (0, 0)
  }
  return ((vx * yy - vy * xy) / determinant, (vy * xx - vx * xy) / determinant)
}
