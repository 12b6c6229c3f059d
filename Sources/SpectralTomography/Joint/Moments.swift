/// A symmetric 3 × 3 matrix, `G Gᵀ` of the gradients of one voxel.
struct Moments: Sendable {
  var xx: Float = 0
  var zz: Float = 0
  var yy: Float = 0
  var xz: Float = 0
  var xy: Float = 0
  var zy: Float = 0

  var trace: Float { xx + zz + yy }

  @inline(__always)
  mutating func add(_ a: Float, _ b: Float, _ c: Float) {
    xx += a * a
    zz += b * b
    yy += c * c
    xz += a * b
    xy += a * c
    zy += b * c
  }

  /// `Σ √λ`: the nuclear norm of `G`.
  var nuclearNorm: Float {
    let found = eigen()
    return (0..<3).reduce(Float(0)) { $0 + Float(max(0, found.values[$1]).squareRoot()) }
  }

  /// `F = V diag(min(1, μ / √λ)) Vᵀ`
  func clipping(at radius: Float) -> Moments {
    let (values, vectors) = eigen()
    var f = Moments()
    for k in 0..<3 {
      let length = max(0, values[k]).squareRoot()
      let root = length > Double(radius) ? (Double(radius) / length).squareRoot() : 1
      f.add(
        Float(root * vectors[k][0]), Float(root * vectors[k][1]), Float(root * vectors[k][2]))
    }
    return f
  }

  /// Eigenvalues and, in the same order, eigenvectors, by cyclic Jacobi rotations.
  ///
  /// - Reference: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed. (2013), section 8.5.
  func eigen() -> (values: SIMD3<Double>, vectors: InlineArray<3, SIMD3<Double>>) {
    // Columns of A and of V; A stays symmetric.
    var a: InlineArray<3, SIMD3<Double>> = [
      SIMD3(Double(xx), Double(xz), Double(xy)), SIMD3(Double(xz), Double(zz), Double(zy)),
      SIMD3(Double(xy), Double(zy), Double(yy)),
    ]
    var v: InlineArray<3, SIMD3<Double>> = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    for _ in 0..<8 {
      let off = abs(a[0][1]) + abs(a[0][2]) + abs(a[1][2])
      if off <= 1e-12 * (abs(a[0][0]) + abs(a[1][1]) + abs(a[2][2])) { break }
      for turn in 0..<3 {
        let (p, q) = turn == 0 ? (0, 1) : turn == 1 ? (0, 2) : (1, 2)
        guard a[p][q] != 0 else { continue }
        let θ = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (θ < 0 ? -1 : 1) / (abs(θ) + (θ * θ + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        // A ← Jᵀ A J: columns, then rows.
        (a[p], a[q]) = (c * a[p] - s * a[q], s * a[p] + c * a[q])
        for k in 0..<3 {
          let (x, y) = (a[k][p], a[k][q])
          (a[k][p], a[k][q]) = (c * x - s * y, s * x + c * y)
        }
        (v[p], v[q]) = (c * v[p] - s * v[q], s * v[p] + c * v[q])
      }
    }
    return (SIMD3(a[0][0], a[1][1], a[2][2]), v)
  }
}
