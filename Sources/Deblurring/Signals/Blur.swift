package import DenseAlgebra
package import Imaging
import RealModule

/// A linear map from a signal to its measurement, as a dense matrix.
package struct Blur: Sendable, Hashable {
  /// How an operator is scaled.
  package enum Scale: String, Sendable, Codable, CaseIterable {
    /// Each row has the sum 1, so that a constant stays what it is.
    case rowSum = "row-sum"
    /// The point spread, or the whole matrix, has 1 as its largest value.
    case peak
    case asIs = "as-is"
  }

  /// `[measurement][signal]`
  package let matrix: Matrix

  /// - Throws: ``DeblurringError/noSum(row:)`` where a row cannot be given the sum 1.
  package init(_ matrix: Matrix, scale: Scale = .asIs) throws(DeblurringError) {
    switch scale {
    case .asIs: self.matrix = matrix
    case .peak:
      guard let largest = matrix.values.max(), largest > 0 else {
        throw matrix.values.allSatisfy { $0 == 0 } ? .zeroOperator : .noPeak
      }
      self.matrix = 1 / largest * matrix
    case .rowSum:
      guard matrix.values.contains(where: { $0 != 0 }) else { throw .zeroOperator }
      let sums = (0..<matrix.rowCount).map { matrix.row($0).reduce(0, +) }
      if let row = sums.firstIndex(where: { !(abs($0) > 0) }) { throw .noSum(row: row) }
      self.matrix = matrix.scalingRows(by: sums.map { 1 / $0 })
    }
  }

  /// A sampled Gaussian, 1 at its centre unless it is scaled to row sums.
  ///
  ///     k(d) = exp(−d² / 2σ²)
  ///
  /// - Parameters:
  ///   - sigma: the standard deviation, in samples.
  ///   - cut: from how many standard deviations on the kernel is 0; nowhere by default.
  /// - Throws: ``DeblurringError`` for a width that is not above 0 and at most 1000, or fewer than two samples.
  /// - Complexity: O(count²)
  package init(
    gaussian sigma: Double, count: Int, ends: Ends = .zero, scale: Scale = .rowSum,
    cut: Double? = nil
  ) throws(DeblurringError) {
    guard sigma > 0 && sigma <= PointSpread.widest else { throw .width(sigma) }
    let reach = cut.map { $0 * sigma } ?? .infinity
    // Beyond 39 σ the kernel is 0 in double precision.
    let matrix = try Self.matrix(count, ends, reach: Int(39 * sigma)) { distance in
      let d = Double(distance)
      return abs(d) <= reach ? .exp(-d * d / (2 * sigma * sigma)) : 0
    }
    try self.init(matrix, scale: scale == .rowSum ? .rowSum : .asIs)
  }

  /// A measured point spread, an odd number of samples with its centre in the middle.
  ///
  /// - Throws: ``DeblurringError`` for an even number of samples, a sum that is not above zero, or fewer than two
  ///   samples of the signal.
  /// - Complexity: O(count²)
  package init(
    kernel: [Double], count: Int, ends: Ends = .zero, scale: Scale = .asIs
  ) throws(DeblurringError) {
    guard kernel.count % 2 == 1 else { throw .evenKernel(kernel.count) }
    if let index = kernel.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "point spread", index: index)
    }
    guard kernel.contains(where: { $0 != 0 }) else { throw .zeroOperator }
    let (sum, size) = kernel.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + abs($1)) }
    guard sum > 1e-12 * size else { throw .kernelSum(sum) }
    let middle = kernel.count / 2
    let factor = scale == .peak ? 1 / (kernel.max() ?? 1) : 1
    let matrix = try Self.matrix(count, ends, reach: middle) { distance in
      abs(distance) <= middle ? factor * kernel[middle + distance] : 0
    }
    try self.init(matrix, scale: scale == .rowSum ? .rowSum : .asIs)
  }

  /// `Hᵢⱼ = Σ k(d)` over the distances d from sample j, and from its images beyond the ends, to i.
  private static func matrix(
    _ count: Int, _ ends: Ends, reach: Int, _ kernel: (Int) -> Double
  ) throws(DeblurringError) -> Matrix {
    guard count > 1 else { throw .tooShort(count: count, needed: 2) }
    let periods = ends == .zero ? 0 : reach / count + 1
    return Matrix(rowCount: count, columnCount: count) { i, j in
      switch ends {
      case .zero: kernel(i - j)
      case .periodic: (-periods...periods).reduce(0) { $0 + kernel(i - j + $1 * count) }
      case .reflecting:
        (-periods...periods).reduce(0) {
          $0 + kernel(i - j + 2 * $1 * count) + kernel(i + j + 1 + 2 * $1 * count)
        }
      }
    }
  }

  /// Whether a constant comes out as a constant: all rows have one sum.
  var keepsConstants: Bool {
    let sums = (0..<matrix.rowCount).map { matrix.row($0).reduce(0, +) }
    guard let low = sums.min(), let high = sums.max() else { return false }
    return high - low <= 1e-9 * max(abs(low), abs(high))
  }

  /// Some rows of another.
  init(keeping rows: [Int], of whole: Blur) { matrix = whole.matrix.rows(rows) }

  /// What is left of a wave of `frequency` cycles a sample, far from the ends, with row sums 1.
  ///
  ///     OTF(f) = exp(−2π² σ² f²)
  package static func transfer(frequency: Double, sigma: Double) -> Double {
    .exp(-2 * .pi * .pi * sigma * sigma * frequency * frequency)
  }
}
