public import Fields

/// Means over `k × k` pixels of each picture of a field.
public struct Binning: Sendable, Hashable {
  /// Which axis of the storage runs down the rows of a picture.
  public enum Rows: Sendable, Hashable {
    /// Images: a page is a row.
    case pages
    /// Tilt series: a slice is a row, a page is a tilt.
    case slices
  }

  public let fine: SlabShape
  public let coarse: SlabShape
  public let factor: Int
  public let rows: Rows

  /// - Returns: `nil` where the factor does not divide the sides of the pictures.
  public init?(_ fine: SlabShape, by factor: Int, rows: Rows) {
    let count = rows == .pages ? fine.pageCount : fine.sliceCount
    guard factor > 0, count.isMultiple(of: factor), fine.positionCount.isMultiple(of: factor)
    else { return nil }
    (self.fine, self.factor, self.rows) = (fine, factor, rows)
    coarse =
      factor == 1
      ? fine
      : SlabShape(
        sliceCount: rows == .slices ? fine.sliceCount / factor : fine.sliceCount,
        pageCount: rows == .pages ? fine.pageCount / factor : fine.pageCount,
        positionCount: fine.positionCount / factor, laneCount: rows == .pages ? 1 : nil)
  }

  /// `y = scale · mean(x)`
  func mean(_ x: Span<Float>, into y: inout MutableSpan<Float>, times scale: Float) {
    guard factor > 1 else {
      for i in y.indices { unsafe y[unchecked: i] = scale * x[unchecked: i] }
      return
    }
    for i in y.indices { y[i] = 0 }
    let share = scale / Float(factor * factor)
    forEachPair { fine, coarse in y[coarse] += share * x[fine] }
  }

  /// The adjoint of ``mean(_:into:times:)``.
  func spread(_ y: Span<Float>, into x: inout MutableSpan<Float>, times scale: Float) {
    guard factor > 1 else {
      for i in x.indices { unsafe x[unchecked: i] = scale * y[unchecked: i] }
      return
    }
    for i in x.indices { x[i] = 0 }
    let share = scale / Float(factor * factor)
    forEachPair { fine, coarse in x[fine] = share * y[coarse] }
  }

  /// Every fine pixel and the coarse one that it lies in.
  @inline(__always)
  private func forEachPair(_ body: (_ fine: Int, _ coarse: Int) -> Void) {
    for slice in 0..<fine.sliceCount {
      for page in 0..<fine.pageCount {
        for position in 0..<fine.positionCount {
          body(
            fine.index(slice: slice, page: page, position: position),
            coarse.index(
              slice: rows == .slices ? slice / factor : slice,
              page: rows == .pages ? page / factor : page, position: position / factor))
        }
      }
    }
  }
}
