/// A dense matrix of doubles, `[row][column]` with columns fastest.
package struct Matrix: Sendable, Hashable {
  package let rowCount: Int
  package let columnCount: Int
  /// Row after row.
  package var values: [Double]

  /// - Precondition: `values` holds one number a place, and there is at least one place.
  package init(rowCount: Int, columnCount: Int, values: [Double]) {
    precondition(rowCount > 0 && columnCount > 0, "a matrix has rows and columns")
    precondition(values.count == rowCount * columnCount, "a matrix has one number a place")
    (self.rowCount, self.columnCount, self.values) = (rowCount, columnCount, values)
  }

  /// The matrix whose place (i, j) holds `value(i, j)`.
  package init(rowCount: Int, columnCount: Int, value: (_ row: Int, _ column: Int) -> Double) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      values: (0..<rowCount).flatMap { row in (0..<columnCount).map { value(row, $0) } })
  }

  package static func identity(_ count: Int) -> Matrix {
    Matrix(rowCount: count, columnCount: count) { $0 == $1 ? 1 : 0 }
  }

  /// Forward differences, `(Dx)ᵢ = xᵢ₊₁ − xᵢ`: one row fewer than columns.
  ///
  /// - Precondition: `count > 1`
  package static func differences(_ count: Int) -> Matrix {
    Matrix(rowCount: count - 1, columnCount: count) { $1 == $0 ? -1 : $1 == $0 + 1 ? 1 : 0 }
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }

  package func row(_ index: Int) -> [Double] {
    Array(values[index * columnCount..<(index + 1) * columnCount])
  }

  package func column(_ index: Int) -> [Double] { (0..<rowCount).map { self[$0, index] } }

  package var transposed: Matrix {
    Matrix(rowCount: columnCount, columnCount: rowCount) { self[$1, $0] }
  }

  /// The rows of the given numbers, in that order.
  package func rows(_ indices: [Int]) -> Matrix {
    Matrix(
      rowCount: indices.count, columnCount: columnCount, values: indices.flatMap { row($0) })
  }

  /// The rows of this matrix, and those of `other` below them.
  ///
  /// - Precondition: both have as many columns.
  package func above(_ other: Matrix) -> Matrix {
    precondition(columnCount == other.columnCount, "matrices differ in columns")
    return Matrix(
      rowCount: rowCount + other.rowCount, columnCount: columnCount, values: values + other.values)
  }

  /// Every row multiplied by its factor.
  package func scalingRows(by factors: [Double]) -> Matrix {
    precondition(factors.count == rowCount, "a row has one factor")
    return Matrix(rowCount: rowCount, columnCount: columnCount) { factors[$0] * self[$0, $1] }
  }
}
