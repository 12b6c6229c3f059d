/// The singular value decomposition of a matrix.
///
///     A = U Σ Vᵀ,   σ₁ ≥ σ₂ ≥ … ≥ 0,   k = min(rows, columns) of them
///
/// - Reference: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed. (2013), section 2.4;
///   by LAPACK's dgesdd.
package struct SingularValues: Sendable {
  /// `[row][k]`
  package let u: Matrix
  /// From the largest down.
  package let values: [Double]
  /// `[k][column]`
  package let vt: Matrix

  /// - Throws: ``DenseError`` where an entry is not finite, or the iteration fails.
  /// - Complexity: O(rows · columns · k)
  package init(_ matrix: Matrix) throws(DenseError) {
    if let place = matrix.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: place / matrix.columnCount, column: place % matrix.columnCount)
    }
    (u, values, vt) = try LAPACK.decompose(matrix)
  }

  /// `κ = σ₁ / σₖ`, infinite for a matrix whose smallest singular value is 0.
  package var conditionNumber: Double {
    let (largest, smallest) = (values.first ?? 0, values.last ?? 0)
    return smallest > 0 ? largest / smallest : .infinity
  }

  /// `uᵢᵀ y`, one an `i`.
  package func coefficients(of y: [Double]) -> [Double] { u.transposedTimes(y) }

  /// The shortest `x` of least `‖Ax − y‖`, with singular values at or below `relativeCutoff · σ₁`
  /// taken as 0.
  ///
  ///     x = Σᵢ (uᵢᵀ y / σᵢ) vᵢ
  package func leastSquares(_ y: [Double], relativeCutoff: Double = 0) -> [Double] {
    let floor = relativeCutoff * (values.first ?? 0)
    let scaled = zip(coefficients(of: y), values).map { $1 > floor ? $0 / $1 : 0 }
    return vt.transposedTimes(scaled)
  }
}
