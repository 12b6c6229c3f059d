package import Fields

/// The slabs on which values of λ are tried: two neighbours at most, at most 64 slices.
///
/// Neither noise nor prior changes along the tilt axis, but the object does. So the two are taken that hold most of it:
/// the sum over tilts of the variance within each slab, and of those within a tenth of the most, the ones
/// nearest to the middle.
package enum TrialSlabs {
  package static let most = 2

  package static func count(_ slabs: SlabShape) -> Int { min(most, slabs.slabCount) }

  /// - Complexity: one pass over the series.
  package static func choose(_ series: TiltSeries, _ workers: Workers) -> Range<Int> {
    let slabs = series.shape.slabs
    let count = Self.count(slabs)
    let structure = workers.results(slabs.slabCount) { Self.structure(of: series, slab: $0) }
    let starts = 0...slabs.slabCount - count
    let held = starts.map { structure[$0..<$0 + count].reduce(0, +) }
    let most = held.max() ?? 0
    let middle = (slabs.slabCount - count) / 2
    let start = starts.filter { held[$0] >= 0.9 * most }
      .min { (abs($0 - middle), $0) < (abs($1 - middle), $1) }
    return (start ?? middle)..<(start ?? middle) + count
  }

  /// `Σ (y − ȳ)²` with the mean of each tilt.
  private static func structure(of series: TiltSeries, slab: Int) -> Double {
    let (slabs, values) = (series.shape.slabs, series.projections.span)
    let count = Double(slabs.slices(of: slab).count * slabs.positionCount)
    return (0..<slabs.pageCount).reduce(0.0) { total, page in
      let start = slab * slabs.slabLength + page * slabs.pageLength
      let (sum, squares) = (start..<start + slabs.pageLength).reduce((0.0, 0.0)) {
        let value = Double(values[$1])
        return ($0.0 + value, $0.1 + value * value)
      }
      return total + squares - sum * sum / count
    }
  }
}
