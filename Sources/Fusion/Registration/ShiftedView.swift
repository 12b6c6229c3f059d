package import Fields
package import Operators

/// A picture that is blurred and then seen shifted: `u(r) = (B x)(r − d)`, between pixels by linear interpolation.
///
/// Shifts by whole pixels are exact copies. Pixels that look beyond the field are zero: they know nothing of `x`.
/// Cost: four multiplications a pixel beside those of `B`.
package struct ShiftedView: LinearOperator, BoundedModel {
  /// `B`
  package let blur: any LinearOperator
  /// Of the picture; rows are slices.
  package let shape: SlabShape
  package let workers: Workers
  private let rows: LineTaps
  private let columns: LineTaps
  private let scratch: ScratchPool

  /// - Parameter cell: pixels `cell × cell` of which all see the field or none.
  package init(
    _ blur: any LinearOperator, of shape: SlabShape, right: Double, down: Double, cell: Int = 1,
    workers: Workers = .all
  ) {
    precondition(shape.pageCount == 1 && blur.rangeCount == shape.count, "one picture")
    (self.blur, self.shape, self.workers) = (blur, shape, workers)
    rows = LineTaps(count: shape.sliceCount, shift: down, cell: cell)
    columns = LineTaps(count: shape.positionCount, shift: right, cell: cell)
    scratch = ScratchPool(length: shape.count)
  }

  package var domainCount: Int { blur.domainCount }
  package var rangeCount: Int { shape.count }
  /// The pixels that see the field.
  package var seenRows: Range<Int> { rows.live }
  package var seenColumns: Range<Int> { columns.live }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    if blur is PlainView { return gather(x, into: y, rows.taps, columns.taps) }
    var y = y
    scratch.withScratch { blurred in
      blur.apply(x, into: blurred.mutableSpan)
      gather(blurred.span, into: y._mutatingExtracting(0..<y.count), rows.taps, columns.taps)
    }
  }

  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    if blur is PlainView { return gather(y, into: x, rows.adjoint, columns.adjoint) }
    var x = x
    scratch.withScratch { moved in
      gather(y, into: moved.mutableSpan, rows.adjoint, columns.adjoint)
      blur.applyAdjoint(moved.span, into: x._mutatingExtracting(0..<x.count))
    }
  }

  /// No less than those of `B`, since interpolation takes means.
  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let sums = blur.sumsOrNorm()
    return (RunFactors(uniform: sums.rows.largest), RunFactors(uniform: sums.columns.largest))
  }

  private func gather(
    _ source: Span<Float>, into target: consuming MutableSpan<Float>, _ down: [LineTaps.Tap],
    _ across: [LineTaps.Tap]
  ) {
    precondition(source.count == shape.count && target.count == shape.count, "another picture")
    let lanes = shape.laneCount
    workers.forEachSlab(of: target, length: shape.slabLength) { slab, values in
      var values = values
      let rows = (0..<lanes).map { lane in
        let row = slab * lanes + lane
        guard row < shape.sliceCount else { return Row(upper: 0, lower: 0, near: 0, far: 0) }
        let tap = down[row]
        return Row(
          upper: place(tap.first), lower: place(tap.second), near: tap.near, far: tap.far)
      }
      let (taps, columns) = (rows.span, across.span)
      for position in columns.indices {
        let column = columns[position]
        let (left, right) = (column.first &* lanes, column.second &* lanes)
        let (start, near, far) = (position &* lanes, column.near, column.far)
        for lane in 0..<lanes {
          let row = unsafe taps[unchecked: lane]
          let above =
            unsafe near * source[unchecked: row.upper &+ left]
            + far * source[unchecked: row.upper &+ right]
          let below =
            unsafe near * source[unchecked: row.lower &+ left]
            + far * source[unchecked: row.lower &+ right]
          unsafe values[unchecked: start &+ lane] = row.near * above + row.far * below
        }
      }
    }
  }

  /// Where the two rows begin that make up one.
  private struct Row {
    let upper: Int
    let lower: Int
    let near: Float
    let far: Float
  }

  /// Where a row begins.
  private func place(_ row: Int) -> Int {
    row / shape.laneCount * shape.slabLength + row % shape.laneCount
  }
}
