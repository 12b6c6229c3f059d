import DenseAlgebra
import Testing

@Suite("Cholesky")
struct CholeskyTests {
  @Test("damped normal equations have the solution that numpy finds")
  func golden() throws {
    let golden = try DenseGolden.tall()
    let factor = try Cholesky(golden.matrix.gram + 1 * .identity(5))
    let x = factor.solve(golden.matrix.transposedTimes(golden.y))
    #expect(largestDifference(x, golden.damped) < 1e-14)
  }

  @Test("an indefinite matrix is refused at the row that tells")
  func indefinite() {
    #expect(throws: DenseError.notPositiveDefinite(row: 1)) {
      try Cholesky(Matrix(rowCount: 2, columnCount: 2, values: [1, 2, 2, 1]))
    }
  }
}
