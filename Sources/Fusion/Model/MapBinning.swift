package import Fields

/// Means over `k × k` pixels of each picture of a field; pixels beyond its edge count as zero.
package struct MapBinning: Sendable, Hashable {
  package let fine: SlabShape
  package let coarse: SlabShape
  /// `k`
  package let factor: Int

  /// - Returns: `nil` where the factor does not divide the sides of the pictures.
  package init?(_ fine: SlabShape, by factor: Int) {
    guard factor > 0, fine.sliceCount.isMultiple(of: factor),
      fine.positionCount.isMultiple(of: factor)
    else { return nil }
    (self.fine, self.factor) = (fine, factor)
    coarse =
      factor == 1
      ? fine
      : SlabShape(
        sliceCount: fine.sliceCount / factor, pageCount: fine.pageCount,
        positionCount: fine.positionCount / factor)
  }

  /// Cells of `k × k` pixels that cover the pictures; those at the far edges may hold fewer.
  init(covering fine: SlabShape, by factor: Int) {
    (self.fine, self.factor) = (fine, factor)
    coarse = SlabShape(
      sliceCount: (fine.sliceCount + factor - 1) / factor, pageCount: fine.pageCount,
      positionCount: (fine.positionCount + factor - 1) / factor)
  }

  /// The part of each cell that lies in the picture.
  var coverage: FloatStorage {
    var covered = FloatStorage(zeros: coarse.count)
    var values = covered.mutableSpan
    forEachPair { _, coarse in values[coarse] += 1 / Float(factor * factor) }
    return covered
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
            coarse.index(slice: slice / factor, page: page, position: position / factor))
        }
      }
    }
  }
}
