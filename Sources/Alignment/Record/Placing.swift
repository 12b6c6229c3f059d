package import SeriesIO
package import Fields
import Foundation
package import Preparation
package import Reconstruction

/// How the pages of a series are placed, and what becomes of counts and noise.
package struct Placing {
  package let interpolation: Interpolation
  /// `nil` of a series that is not known to count.
  package let counting: Counting?
  /// The mean over the pages of the variance of independent noise, over that before.
  private let varianceShare: Double
  private let isExact: Bool

  /// - Parameter size: of the pages with their axis upright.
  package init(_ placements: [Placement], _ size: ImageSize, _ told: Counting?) {
    let holdsCounts = told?.isHeld ?? false
    let interpolation: Interpolation = holdsCounts ? .linear : .cubicSpline
    isExact = !placements.contains { $0.movesByFraction(size) }
    varianceShare =
      placements.map { interpolation.varianceShare($0, of: size) }.reduce(0, +)
      / Double(max(placements.count, 1))
    counting = holdsCounts && !isExact ? .shared : told
    self.interpolation = interpolation
  }

  package var words: String { isExact ? "none" : interpolation.rawValue }

  package var warning: String? {
    guard counting == .shared, !isExact else { return nil }
    return """
      Counts were placed linearly: none is below 0 and their sums are kept within the page, but neighbouring pixels share their noise, whose \
      variance is \(String(format: "%.2f", varianceShare)) times that of counts.
      """
  }

  /// What is known of the noise, which interpolation lessens.
  package func noise(_ known: [String: Setting]?) -> [String: Setting]? {
    guard !isExact, var noise = known else { return known }
    noise["varianceShare"] = .number((noise["varianceShare"]?.value ?? 1) * varianceShare)
    return noise
  }
}

extension PreparedPages {
  /// The size of the pages with their axis along the rows' direction.
  package var upright: ImageSize {
    source.axis == .y ? size : ImageSize(rowCount: size.columnCount, columnCount: size.rowCount)
  }
}
