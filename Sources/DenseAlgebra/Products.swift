extension Matrix {
  /// `A x`
  ///
  /// - Precondition: `x` has an entry a column.
  /// - Complexity: O(rows · columns)
  package static func * (a: Matrix, x: [Double]) -> [Double] {
    precondition(x.count == a.columnCount, "the vector does not fit the matrix")
    return LAPACK.multiply(a, x, transposed: false)
  }

  /// `Aᵀ y`
  ///
  /// - Precondition: `y` has an entry a row.
  package func transposedTimes(_ y: [Double]) -> [Double] {
    precondition(y.count == rowCount, "the vector does not fit the matrix")
    return LAPACK.multiply(self, y, transposed: true)
  }

  /// `A B`
  ///
  /// - Precondition: `b` has a row for each column of `a`.
  /// - Complexity: O(rows · columns · columns of B)
  package static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columnCount == b.rowCount, "the matrices do not fit")
    return LAPACK.multiply(a, b)
  }

  /// `A + B`
  package static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(
      a.rowCount == b.rowCount && a.columnCount == b.columnCount, "the matrices do not fit")
    return Matrix(
      rowCount: a.rowCount, columnCount: a.columnCount, values: zip(a.values, b.values).map(+))
  }

  /// `c A`
  package static func * (c: Double, a: Matrix) -> Matrix {
    Matrix(rowCount: a.rowCount, columnCount: a.columnCount, values: a.values.map { c * $0 })
  }

  /// `AᵀA`
  package var gram: Matrix { transposed * self }
}

/// `Σ aᵢ bᵢ`, in order.
package func dot(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "vectors differ in length")
  return zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

/// `‖a‖`
package func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
