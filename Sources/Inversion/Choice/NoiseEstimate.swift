package import Fields
import Statistics

/// The standard deviation of white noise in a tilt series, from the series itself.
///
/// Each projection is filtered with the difference of two Laplacians (Immerkær 1996),
///
///     N = [1 −2 1; −2 4 −2; 1 −2 1],   Σ N² = 36
///
/// which no plane, and hardly a smooth object, survives. The median of |N ∗ p| gives a first σ; edges,
/// which lie beyond 3 σ, are then left out and the rest measured again until that settles.
/// Interpolation before (an aligned series) smooths noise and lowers the estimate.
///
/// - Reference: J. Immerkær, Comput. Vis. Image Underst. 64, 300 (1996).
package struct NoiseEstimate: Sendable, Codable, Hashable {
  /// The median over tilts.
  package let sigma: Double
  /// One per tilt.
  package let perTilt: [Double]
  /// Half the range that holds the middle two thirds of the tilts, over σ: how well it is known.
  package let spread: Double

  /// - Returns: `nil` for projections smaller than 3 × 3.
  package init?(_ series: TiltSeries, workers: Workers = .all) {
    let shape = series.shape
    guard shape.binCount >= 3, shape.sliceCount >= 3 else { return nil }
    let levels = workers.results(shape.tiltCount) { tilt in
      Self.level(of: series, tilt: tilt)
    }
    let sorted = levels.sorted()
    perTilt = levels
    sigma = sorted[sorted.count / 2]
    let (low, high) = (sorted[sorted.count / 6], sorted[sorted.count - 1 - sorted.count / 6])
    spread = sigma > 0 ? (high - low) / (2 * sigma) : 0
  }

  private static func level(of series: TiltSeries, tilt: Int) -> Double {
    let (slabs, span) = (series.shape.slabs, series.projections.span)
    let bins = series.shape.binCount
    var magnitudes: [Float] = []
    magnitudes.reserveCapacity((series.shape.sliceCount - 2) * (bins - 2))
    // Second differences along the bins, for three neighbouring slices at a time.
    func row(_ slice: Int) -> [Float] {
      (1..<bins - 1).map { bin in
        let i = slabs.index(slice: slice, page: tilt, position: bin)
        return span[i - slabs.laneCount] - 2 * span[i] + span[i + slabs.laneCount]
      }
    }
    var (above, middle) = (row(0), row(1))
    for slice in 2..<series.shape.sliceCount {
      let below = row(slice)
      for k in middle.indices { magnitudes.append(abs(above[k] - 2 * middle[k] + below[k])) }
      (above, middle) = (middle, below)
    }
    return SecondDifference.deviation(magnitudes.sorted()) / 6
  }
}
