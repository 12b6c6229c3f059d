import COpenBLAS

/// The calls into BLAS and LAPACK. They hold a matrix column after column, so that a matrix of ours is
/// the transpose of theirs in the same memory.
enum LAPACK {
  /// One thread, so that no sum depends on the number of processors.
  private static let isReady: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  private static let plain: CChar = 0x4E  // N
  private static let turned: CChar = 0x54  // T

  /// `A x` or `Aᵀ x`
  static func multiply(_ a: Matrix, _ x: [Double], transposed: Bool) -> [Double] {
    precondition(isReady)
    var way = transposed ? plain : turned
    var (m, n) = (Int32(a.columnCount), Int32(a.rowCount))
    var (one, zero, step) = (1.0, 0.0, Int32(1))
    var y = [Double](repeating: 0, count: transposed ? a.columnCount : a.rowCount)
    unsafe dgemv_(&way, &m, &n, &one, a.values, &m, x, &step, &zero, &y, &step, 1)
    return y
  }

  /// `A B`, as `(Bᵀ Aᵀ)ᵀ`
  static func multiply(_ a: Matrix, _ b: Matrix) -> Matrix {
    precondition(isReady)
    var (wayA, wayB) = (plain, plain)
    var (m, n, k) = (Int32(b.columnCount), Int32(a.rowCount), Int32(a.columnCount))
    var (one, zero) = (1.0, 0.0)
    var c = [Double](repeating: 0, count: a.rowCount * b.columnCount)
    unsafe dgemm_(
      &wayA, &wayB, &m, &n, &k, &one, b.values, &m, a.values, &k, &zero, &c, &m, 1, 1)
    return Matrix(rowCount: a.rowCount, columnCount: b.columnCount, values: c)
  }

  /// The singular value decomposition of `Aᵀ = (V) Σ (Uᵀ)`, which is that of `A = U Σ Vᵀ`.
  ///
  /// - Returns: `u` with `[row][k]`, `vt` with `[k][column]`, or LAPACK's complaint.
  static func decompose(
    _ a: Matrix
  ) throws(DenseError) -> (u: Matrix, values: [Double], vt: Matrix) {
    precondition(isReady)
    var job: CChar = 0x53  // S
    var (m, n) = (Int32(a.columnCount), Int32(a.rowCount))
    let count = min(a.rowCount, a.columnCount)
    var k = Int32(count)
    var content = a.values
    var values = [Double](repeating: 0, count: count)
    // Column after column, the left factor is m × k: entry (j, i) of it is vt[i][j] of ours.
    var left = [Double](repeating: 0, count: a.columnCount * count)
    var right = [Double](repeating: 0, count: count * a.rowCount)
    var integers = [Int32](repeating: 0, count: 8 * count)
    var (info, length) = (Int32(0), Int32(-1))
    var work = [0.0]
    for _ in 0..<2 {  // the first call asks for the length of the scratch
      unsafe dgesdd_(
        &job, &m, &n, &content, &m, &values, &left, &m, &right, &k, &work, &length, &integers,
        &info, 1)
      guard info == 0 else { throw .noConvergence(code: Int(info)) }
      guard length < 0 else { break }
      length = Int32(work[0])
      work = [Double](repeating: 0, count: Int(length))
    }
    let vt = Matrix(rowCount: count, columnCount: a.columnCount, values: left)
    let u = Matrix(rowCount: a.rowCount, columnCount: count, values: right)
    return (u, values, vt)
  }

  /// The Cholesky factor of a symmetric matrix, in the triangle that LAPACK calls lower.
  static func factor(_ a: Matrix) throws(DenseError) -> [Double] {
    precondition(isReady)
    var triangle: CChar = 0x4C  // L
    var n = Int32(a.rowCount)
    var (content, info) = (a.values, Int32(0))
    unsafe dpotrf_(&triangle, &n, &content, &n, &info, 1)
    guard info == 0 else { throw .notPositiveDefinite(row: Int(info) - 1) }
    return content
  }

  /// `A⁻¹ b` from the factor of `A`.
  static func solve(_ factor: [Double], _ b: [Double]) -> [Double] {
    var triangle: CChar = 0x4C  // L
    var (n, one, info) = (Int32(b.count), Int32(1), Int32(0))
    var x = b
    unsafe dpotrs_(&triangle, &n, &one, factor, &n, &x, &n, &info, 1)
    return x
  }
}
