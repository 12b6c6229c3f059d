import Fields
import Projection

extension TiltSubset {
  /// `p ← R (y − p)` in place, for the predictions `p = H x`.
  ///
  /// - Parameters:
  ///   - measured: `y`, the whole series.
  ///   - rowWeights: `R`, `[tilt of the subset][bin]`, the same for all slices.
  /// - Returns: `‖y − p‖²` of each true slice.
  mutating func formWeightedResidual(
    _ measured: FloatStorage, _ rowWeights: FloatStorage, tiltCount: Int
  ) -> [Double] {
    let shape = projector.geometry.series.slabs
    precondition(measured.count == shape.slabCount * tiltCount * shape.pageLength)
    precondition(rowWeights.count == shape.runCount, "one weight a bin")
    let squares = SliceSums(shape, partsPerSlab: shape.pageCount)
    let tilts = tilts
    projector.workers.forEachSlab(of: projections.mutableSpan, length: shape.pageLength) {
      page, p in
      var p = p
      let (slab, tilt) = page.quotientAndRemainder(dividingBy: tilts.count)
      let place = slab * tiltCount + tilts[tilt]
      let y = measured.span.extracting(place * shape.pageLength..<(place + 1) * shape.pageLength)
      let r = rowWeights.span.extracting(
        tilt * shape.positionCount..<(tilt + 1) * shape.positionCount)
      switch shape.laneCount {
      case 32: squares.set(page, residual(&p, y, r, lanes: InlineArray<32, Float>.self))
      case 8: squares.set(page, residual(&p, y, r, lanes: InlineArray<8, Float>.self))
      default: squares.set(page, residual(&p, y, r, lanes: InlineArray<1, Float>.self))
      }
    }
    return squares.perSlice()
  }
}

/// One page: `[bin][lane]`.
private func residual<let laneCount: Int>(
  _ p: inout MutableSpan<Float>, _ y: Span<Float>, _ r: Span<Float>,
  lanes: InlineArray<laneCount, Float>.Type
) -> [Float] {
  precondition(p.count == r.count * laneCount && y.count == p.count)
  var squares = InlineArray<laneCount, Float>(repeating: 0)
  for bin in r.indices {
    let run = bin &* laneCount
    let weight = r[bin]
    for l in 0..<laneCount {
      let difference = unsafe y[unchecked: run &+ l] - p[unchecked: run &+ l]
      unsafe squares[unchecked: l] += difference * difference
      unsafe p[unchecked: run &+ l] = weight * difference
    }
  }
  return squares.indices.map { squares[$0] }
}
