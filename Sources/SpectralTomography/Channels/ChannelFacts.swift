package import Fields
import Inversion

/// What one channel of a series holds, and how noisy it is.
package struct ChannelFacts: Sendable, Hashable {
  package let channel: SpectralChannel
  /// Over all true pixels.
  package let mean: Double
  package let negativeCount: Int
  /// `b`, of which `mean` holds its part.
  package let background: Double
  package let isCounts: Bool
  /// The standard deviation of a pixel: `√mean` of counts, otherwise estimated from
  /// second differences.
  package let noise: Double

  package init(
    _ series: TiltSeries, _ channel: SpectralChannel, isCounts: Bool, background: Double,
    workers: Workers = .all
  ) {
    (self.channel, self.isCounts, self.background) = (channel, isCounts, background)
    let values = series.projections.span
    var (sum, negatives) = (0.0, 0)
    for i in values.indices {
      sum += Double(values[i])
      if values[i] < 0 { negatives += 1 }
    }
    mean = sum / Double(series.shape.slabs.valueCount)
    negativeCount = negatives
    noise =
      isCounts
      ? max(0, mean).squareRoot()
      : NoiseEstimate(series, workers: workers)?.sigma ?? 0
  }

  /// `μ` of this channel at a strength that is relative to its noise: `λ √tilts / s` for counts,
  /// `λ √tilts · σ` for least squares.
  package func strength(_ lambda: Double, tilts: Int) -> Double {
    let n = lambda * Double(tilts).squareRoot()
    return isCounts ? n / noise : n * noise
  }
}
