package import Fields
package import Imaging
package import Operators

/// The blur of one picture that is stored with its rows as slices.
package struct PictureBlur: LinearOperator, BoundedModel {
  package let blur: FieldBlur
  package let shape: SlabShape
  private let scratch: ScratchPool

  package init(_ blur: FieldBlur, shape: SlabShape) {
    precondition(
      shape.pageCount == 1 && blur.grid.planeCount == 1 && shape.sliceCount == blur.grid.rowCount
        && shape.positionCount == blur.grid.columnCount, "the picture does not fit its blur")
    (self.blur, self.shape) = (blur, shape)
    scratch = ScratchPool(length: blur.grid.count)
  }

  package var domainCount: Int { shape.count }
  package var rangeCount: Int { shape.count }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    turn(x, into: y) { blur.apply($0, into: $1) }
  }

  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    turn(y, into: x) { blur.applyAdjoint($0, into: $1) }
  }

  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) { blur.absoluteSums() }

  private func turn(
    _ source: Span<Float>, into target: consuming MutableSpan<Float>,
    _ body: (Span<Float>, consuming MutableSpan<Float>) -> Void
  ) {
    var target = target
    let map = PageMap(shape, axis: .y)
    scratch.withScratch { flat in
      scratch.withScratch { blurred in
        var pixels = flat.mutableSpan
        map.take(page: 0, from: source, into: &pixels)
        body(flat.span, blurred.mutableSpan)
        map.place(blurred.span, page: 0, into: &target)
      }
    }
  }
}
