import DenseAlgebra
import Foundation
import TestSupport

/// What Golden/make_dense.py says of one matrix.
struct DenseGolden {
  let matrix: Matrix
  let y: [Double]
  let singularValues: [Double]
  let leastSquares: [Double]
  let thereAndBack: [Double]
  let gram: [Double]
  /// `(AᵀA + 1)⁻¹ Aᵀ y`, of the tall one.
  let damped: [Double]

  static func tall() throws -> DenseGolden { try DenseGolden(rows: 7, columns: 5, skipping: 0) }
  static func wide() throws -> DenseGolden { try DenseGolden(rows: 5, columns: 7, skipping: 89) }

  private init(rows: Int, columns: Int, skipping start: Int) throws {
    var rest = try goldenDoubles("dense.f64", in: Bundle.module)[start...]
    func take(_ count: Int) -> [Double] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    matrix = Matrix(rowCount: rows, columnCount: columns, values: take(rows * columns))
    y = take(rows)
    singularValues = take(min(rows, columns))
    leastSquares = take(columns)
    thereAndBack = take(rows)
    gram = take(columns * columns)
    damped = rows > columns ? take(columns) : []
  }
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}
