import Fields
import Projection

extension TiltSubset {
  /// `p ← y / (p + b)` in place, for the predictions `p = H x`; 0 where nothing is expected.
  ///
  /// - Parameter measured: `y`, the whole series of `tiltCount` tilts.
  /// - Returns: `‖y − p − b‖²` of each true slice.
  mutating func formRatio(
    _ measured: FloatStorage, background: Float, tiltCount: Int
  ) -> [Double] {
    let shape = projector.geometry.series.slabs
    precondition(measured.count == shape.slabCount * tiltCount * shape.pageLength)
    let squares = SliceSums(shape, partsPerSlab: shape.pageCount)
    let tilts = tilts
    projector.workers.forEachSlab(of: projections.mutableSpan, length: shape.pageLength) {
      page, p in
      var p = p
      let (slab, tilt) = page.quotientAndRemainder(dividingBy: tilts.count)
      let place = slab * tiltCount + tilts[tilt]
      let y = measured.span.extracting(place * shape.pageLength..<(place + 1) * shape.pageLength)
      switch shape.laneCount {
      case 32: squares.set(page, ratio(&p, y, background, lanes: InlineArray<32, Float>.self))
      case 8: squares.set(page, ratio(&p, y, background, lanes: InlineArray<8, Float>.self))
      default: squares.set(page, ratio(&p, y, background, lanes: InlineArray<1, Float>.self))
      }
    }
    return squares.perSlice()
  }
}

/// One page: `[bin][lane]`.
private func ratio<let laneCount: Int>(
  _ p: inout MutableSpan<Float>, _ y: Span<Float>, _ background: Float,
  lanes: InlineArray<laneCount, Float>.Type
) -> [Float] {
  precondition(p.count == y.count && p.count.isMultiple(of: laneCount))
  var squares = InlineArray<laneCount, Float>(repeating: 0)
  for run in stride(from: 0, to: p.count, by: laneCount) {
    for l in 0..<laneCount {
      let expected = unsafe p[unchecked: run &+ l] + background
      let counts = unsafe y[unchecked: run &+ l]
      let difference = counts - expected
      unsafe squares[unchecked: l] += difference * difference
      unsafe p[unchecked: run &+ l] = expected > 1e-20 ? counts / expected : 0
    }
  }
  return squares.indices.map { squares[$0] }
}
