public import DenseAlgebra
import RealModule
public import Transforms

/// A linear map from a signal to its measurement, as a dense matrix.
public struct Blur: Sendable, Hashable {
  /// How the rows of a Gaussian are scaled.
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// The kernel is 1 at its centre.
    case peak
    /// Each row has the sum 1, so that a constant stays what it is.
    case rowSum = "row-sum"
  }

  /// `[measurement][signal]`
  public let matrix: Matrix

  public init(_ matrix: Matrix) { self.matrix = matrix }

  /// A sampled Gaussian.
  ///
  ///     Hᵢⱼ = Σ exp(−d² / 2σ²)    over the distances d from i to j and to its images beyond the ends
  ///
  /// - Parameters:
  ///   - sigma: the standard deviation, in samples.
  ///   - cut: from how many standard deviations on the kernel is 0; nowhere by default.
  /// - Throws: ``DeblurringError`` for a width that is not above 0, or fewer than two samples.
  /// - Complexity: O(count²)
  public init(
    gaussian sigma: Double, count: Int, ends: Ends = .zero, scale: Scale = .rowSum,
    cut: Double? = nil
  ) throws(DeblurringError) {
    guard sigma > 0 && sigma.isFinite else { throw .width(sigma) }
    guard count > 1 else { throw .tooShort(count: count, needed: 2) }
    let reach = cut.map { $0 * sigma } ?? .infinity
    func kernel(_ distance: Int) -> Double {
      let d = Double(distance)
      return abs(d) <= reach ? .exp(-d * d / (2 * sigma * sigma)) : 0
    }
    // Beyond 9 σ an image adds less than rounding.
    let periods = ends == .zero ? 0 : Int(9 * sigma) / count + 1
    let matrix = Matrix(rowCount: count, columnCount: count) { i, j in
      switch ends {
      case .zero: kernel(i - j)
      case .periodic: (-periods...periods).reduce(0) { $0 + kernel(i - j + $1 * count) }
      case .reflecting:
        (-periods...periods).reduce(0) {
          $0 + kernel(i - j + 2 * $1 * count) + kernel(i + j + 1 + 2 * $1 * count)
        }
      }
    }
    self.init(matrix, scale)
  }

  init(_ matrix: Matrix, _ scale: Scale) {
    switch scale {
    case .peak: self.matrix = matrix
    case .rowSum:
      self.matrix = matrix.scalingRows(
        by: (0..<matrix.rowCount).map { 1 / matrix.row($0).reduce(0, +) })
    }
  }

  /// What is left of a wave of `frequency` cycles a sample, far from the ends, with row sums 1.
  ///
  ///     OTF(f) = exp(−2π² σ² f²)
  public static func transfer(frequency: Double, sigma: Double) -> Double {
    .exp(-2 * .pi * .pi * sigma * sigma * frequency * frequency)
  }
}
