package import Fields

/// The noise of a tilt series, measured in the series itself.
///
/// Where its variance grows with brightness (``CountingNoise``), σ² of a tilt is the mean over its pixels of that
/// variance; elsewhere the noise is taken as alike in all pixels of a tilt (``NoiseEstimate``), which would weigh the
/// quiet vacuum of counts too much.
package struct MeasuredNoise: Sendable, Hashable {
  /// One standard deviation per tilt: the root mean square over its pixels.
  package let perTilt: [Double]
  /// `nil` where the variance does not grow with brightness.
  package let counting: CountingNoise?

  /// Whether dark places have less than 0.4 of the noise that is said to be alike everywhere, more than fine detail makes of it: it is that of
  /// counts beside a silent vacuum, and σ is too low where it matters.
  package let isContradicted: Bool

  /// The root mean square over the tilts.
  package var sigma: Double {
    (perTilt.reduce(0) { $0 + $1 * $1 } / Double(perTilt.count)).squareRoot()
  }

  /// Half the range that holds the middle two thirds of the tilts, over their root mean square.
  package var spread: Double {
    let sorted = perTilt.sorted()
    return (sorted[sorted.count - 1 - sorted.count / 6] - sorted[sorted.count / 6]) / (2 * sigma)
  }

  /// - Returns: `nil` for projections that are too small or hold no noise.
  package init?(_ series: TiltSeries, workers: Workers = .all) {
    if let noise = CountingNoise(measuring: series, workers: workers) {
      (perTilt, counting) = (noise.perTilt(of: series, workers: workers), noise)
      isContradicted = false
      return
    }
    guard let estimate = NoiseEstimate(series, workers: workers), estimate.sigma > 0 else {
      return nil
    }
    (perTilt, counting) = (estimate.perTilt, nil)
    isContradicted = CountingNoise.darkShare(of: series, workers: workers).map { $0 < 0.4 } ?? false
  }
}

extension CountingNoise {
  /// The root mean square of the noise over the pixels of each tilt.
  package func perTilt(of series: TiltSeries, workers: Workers = .all) -> [Double] {
    let (shape, slabs) = (series.shape, series.shape.slabs)
    return workers.results(shape.tiltCount) { tilt in
      let values = series.projections.span
      var sum = 0.0
      for slice in 0..<shape.sliceCount {
        for bin in 0..<shape.binCount {
          sum += Double(values[slabs.index(slice: slice, page: tilt, position: bin)])
        }
      }
      return max(0, offset + gain * sum / Double(shape.sliceCount * shape.binCount)).squareRoot()
    }
  }
}
