package import Fields
package import Imaging

/// Which pages of a stack hold anything to be deblurred, and in which order they are worked on.
package struct PageContent {
  package let pageCount: Int
  /// From 0; the first one chooses λ for all of them: of those that differ from pixel to pixel, the one nearest
  /// to the middle.
  package let order: [Int]
  /// Pages of zeros, which stay zero.
  package let silent: [Int]

  /// - Parameter keepsConstants: whether a page of one value is its own blur.
  /// - Throws: `ImageDeblurringError` where no page holds anything.
  package init(
    _ field: FloatStorage, _ grid: Grid, keepsConstants: Bool
  ) throws(ImageDeblurringError) {
    pageCount = field.count / grid.count
    let middle = pageCount / 2
    let values = (0..<pageCount).map { page in
      uniformValue(field.span.extracting(page * grid.count..<(page + 1) * grid.count))
    }
    silent = values.indices.filter { values[$0] == 0 }
    let shown = values.indices.filter { values[$0] == nil || values[$0] != 0 && !keepsConstants }
    guard let first = shown.min(by: { abs($0 - middle) < abs($1 - middle) }) else {
      throw silent.count == pageCount
        ? .nothingSeen : .uniform(values.lazy.compactMap(\.self).first { $0 != 0 } ?? 0)
    }
    order = [first] + (0..<pageCount).filter { $0 != first }
  }

  /// What a reader of the result should know.
  package var note: String? {
    guard let first = silent.first else { return nil }
    return silent.count == 1
      ? "Page \(first + 1) contains only zeros and stays zero."
      : "\(silent.count) pages contain only zeros, the first is page \(first + 1), and stay zero."
  }
}
