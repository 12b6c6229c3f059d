import DenseAlgebra
import Testing

@Suite("Matrix")
struct MatrixTests {
  private let a = Matrix(rowCount: 2, columnCount: 3, values: [1, 2, 3, 4, 5, 6])

  @Test("products are those of rows and columns")
  func products() throws {
    #expect(a * [1, 0, -1] == [-2, -2])
    #expect(a.transposedTimes([1, 2]) == [9, 12, 15])
    let square = a * a.transposed
    #expect(square == Matrix(rowCount: 2, columnCount: 2, values: [14, 32, 32, 77]))
    #expect(2 * square + square == 3 * square)
    for golden in [try DenseGolden.tall(), try .wide()] {
      let m = golden.matrix
      #expect(largestDifference(m * m.transposedTimes(golden.y), golden.thereAndBack) < 1e-13)
      #expect(largestDifference(m.gram.values, golden.gram) < 1e-13)
    }
  }

  @Test("rows, columns and places are where they belong")
  func places() {
    #expect(a[1, 0] == 4 && a.row(1) == [4, 5, 6] && a.column(2) == [3, 6])
    #expect(a.transposed.row(2) == [3, 6])
    #expect(a.rows([1]).above(a).values == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(a.scalingRows(by: [2, -1]).values == [2, 4, 6, -4, -5, -6])
    #expect(Matrix.differences(3) * [1, 4, 2] == [3, -2])
  }
}
