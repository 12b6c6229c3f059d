import DenseAlgebra
import Testing

@Suite("SingularValues")
struct SingularValuesTests {
  @Test("tall and wide matrices have the singular values and solutions that numpy finds")
  func golden() throws {
    for golden in [try DenseGolden.tall(), try .wide()] {
      let svd = try SingularValues(golden.matrix)
      #expect(largestDifference(svd.values, golden.singularValues) < 1e-13)
      #expect(largestDifference(svd.leastSquares(golden.y), golden.leastSquares) < 1e-13)
    }
  }

  @Test("U Σ Vᵀ is the matrix again, and U and V have orthonormal columns")
  func product() throws {
    for golden in [try DenseGolden.tall(), try .wide()] {
      let svd = try SingularValues(golden.matrix)
      let again = svd.u * svd.vt.scalingRows(by: svd.values)
      #expect(largestDifference(again.values, golden.matrix.values) < 1e-14)
      let one = Matrix.identity(svd.values.count).values
      #expect(largestDifference(svd.u.gram.values, one) < 1e-14)
      #expect(largestDifference(svd.vt.transposed.gram.values, one) < 1e-14)
    }
  }

  @Test("diag(3, −4) has the singular values 4 and 3 and the condition number 4/3")
  func diagonal() throws {
    let svd = try SingularValues(Matrix(rowCount: 2, columnCount: 2, values: [3, 0, 0, -4]))
    #expect(svd.values == [4, 3])
    #expect(svd.conditionNumber == 4.0 / 3)
    #expect(svd.leastSquares([6, 8]) == [2, -2])
  }

  @Test("a singular matrix has no condition number, and the cutoff drops what it cannot tell")
  func singular() throws {
    let svd = try SingularValues(Matrix(rowCount: 2, columnCount: 2, values: [1, 0, 0, 0]))
    #expect(svd.conditionNumber == .infinity)
    #expect(svd.leastSquares([5, 7]) == [5, 0])
    let weak = try SingularValues(Matrix(rowCount: 2, columnCount: 2, values: [1, 0, 0, 1e-9]))
    let naive = weak.leastSquares([1, 1])
    #expect(naive[0] == 1 && abs(naive[1] / 1e9 - 1) < 1e-14)
    #expect(weak.leastSquares([1, 1], relativeCutoff: 1e-8) == [1, 0])
  }

  @Test("an entry that is not finite is named")
  func notFinite() {
    #expect(throws: DenseError.notFinite(row: 1, column: 0)) {
      try SingularValues(Matrix(rowCount: 2, columnCount: 2, values: [1, 0, .nan, 1]))
    }
  }
}
