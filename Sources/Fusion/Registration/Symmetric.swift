/// A symmetric 2 × 2 matrix over (right, down).
struct Symmetric: Sendable {
  var xx = 0.0
  var xy = 0.0
  var yy = 0.0

  var trace: Double { xx + yy }
  var determinant: Double { xx * yy - xy * xy }
  var isPositive: Bool { xx > 0 && determinant > 1e-9 * xx * yy }

  /// The largest eigenvalue.
  var largest: Double {
    let half = 0.5 * (xx - yy)
    return 0.5 * trace + (half * half + xy * xy).squareRoot()
  }

  var inverse: Symmetric {
    Symmetric(xx: yy / determinant, xy: -xy / determinant, yy: xx / determinant)
  }

  /// `vᵀ M v`
  func form(_ v: SIMD2<Double>) -> Double { v.x * v.x * xx + 2 * v.x * v.y * xy + v.y * v.y * yy }

  mutating func add(_ v: SIMD2<Double>, times weight: Double = 1) {
    xx += weight * v.x * v.x
    xy += weight * v.x * v.y
    yy += weight * v.y * v.y
  }

  static func * (m: Symmetric, v: SIMD2<Double>) -> SIMD2<Double> {
    [m.xx * v.x + m.xy * v.y, m.xy * v.x + m.yy * v.y]
  }

  static func * (factor: Double, m: Symmetric) -> Symmetric {
    Symmetric(xx: factor * m.xx, xy: factor * m.xy, yy: factor * m.yy)
  }

  /// `M V M`
  func around(_ v: Symmetric) -> Symmetric {
    let (a, b) = (v * (self * [1, 0]), v * (self * [0, 1]))
    return Symmetric(xx: (self * a).x, xy: (self * a).y, yy: (self * b).y)
  }
}
