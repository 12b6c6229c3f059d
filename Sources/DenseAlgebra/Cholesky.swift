/// A symmetric positive definite matrix, factored once for many solves.
///
///     A = L Lᵀ,   x = A⁻¹ b
///
/// - Reference: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed. (2013), section 4.2;
///   by LAPACK's dpotrf.
package struct Cholesky: Sendable {
  private let factor: [Double]
  package let count: Int

  /// - Parameter matrix: symmetric; only one triangle is read.
  /// - Throws: ``DenseError/notPositiveDefinite(row:)``
  /// - Complexity: O(n³)
  package init(_ matrix: Matrix) throws(DenseError) {
    precondition(matrix.rowCount == matrix.columnCount, "a symmetric matrix is square")
    count = matrix.rowCount
    factor = try LAPACK.factor(matrix)
  }

  /// `A⁻¹ b`
  ///
  /// - Complexity: O(n²)
  package func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == count, "the vector does not fit the matrix")
    return LAPACK.solve(factor, b)
  }
}
