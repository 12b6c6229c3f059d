package import Fields

/// Whether the projections of a slice go to vacuum at both ends of the detector.
///
/// Then the object lies inside the field, its projections are zero off the detector, and the
/// filtered line is known there too. With `e` the mean of the two outermost bins of one end over all
/// tilts, and `m` the mean over all bins and tilts of the slice, both ends have to meet
///
///     |e| ≤ max(0.02 |m|, 4 σ / √(2 · tilts)),     σ² = mean over the tilts of (p₀ − p₁)² / 2
///
/// - 0.02: a level `e` that is cut off adds `−e / 2π²d` to the filtered line at `d` bins beyond the
///   end; leaving the line out misses `−N m / 2π²r²` at `r` bins from the middle. At `r = N/2` the
///   first is smaller from `d = N/200` on.
/// - 4 σ: an end that its own noise cannot tell from zero counts as vacuum. Noise is what two
///   neighbouring bins do not share.
///
/// Decided for a slice and not for a line: the mean over the tilts sees levels far below the noise
/// of one line, and a slab holds all tilts of its slices, so that groups of slabs change nothing.
package enum FieldEnds {
  private static let level = 0.02
  private static let errors = 4.0

  /// One answer a slice of `projections`, `[slab][tilt][bin][lane]`; no where there are no two ends.
  package static func areVacuum(
    _ projections: Span<Float>, _ shape: SlabShape, workers: Workers
  ) -> [Bool] {
    workers.results(shape.slabCount) { slab in
      let start = slab * shape.slabLength
      let values = projections.extracting(start..<start + shape.slabLength)
      let sums = laneSums(values, shape)
      return shape.slices(of: slab).map { slice in
        let lane = slice - shape.slices(of: slab).lowerBound
        let mean = abs(sums[lane]) / Double(shape.runCount)
        return shape.positionCount >= 4
          && [(0, 1), (shape.positionCount - 1, shape.positionCount - 2)].allSatisfy { end in
            isVacuum(values, shape, lane: lane, outer: end.0, inner: end.1, mean: mean)
          }
      }
    }.flatMap(\.self)
  }

  private static func isVacuum(
    _ slab: Span<Float>, _ shape: SlabShape, lane: Int, outer: Int, inner: Int, mean: Double
  ) -> Bool {
    var (sum, squares) = (0.0, 0.0)
    for tilt in 0..<shape.pageCount {
      let page = tilt * shape.pageLength + lane
      let (p0, p1) = (slab[page + outer * shape.laneCount], slab[page + inner * shape.laneCount])
      sum += Double(p0) + Double(p1)
      squares += (Double(p0) - Double(p1)) * (Double(p0) - Double(p1)) / 2
    }
    let tilts = Double(shape.pageCount)
    let error = (squares / tilts / (2 * tilts)).squareRoot()
    return abs(sum) / (2 * tilts) <= max(level * mean, errors * error)
  }

  /// The sum over all tilts and bins of each lane.
  private static func laneSums(_ slab: Span<Float>, _ shape: SlabShape) -> [Double] {
    var sums = [Double](repeating: 0, count: shape.laneCount)
    var memory = sums.mutableSpan
    precondition(slab.count == shape.runCount * shape.laneCount)
    for run in 0..<shape.runCount {
      let first = run &* shape.laneCount
      for lane in 0..<shape.laneCount {
        unsafe memory[unchecked: lane] += Double(slab[unchecked: first &+ lane])
      }
    }
    return sums
  }
}
