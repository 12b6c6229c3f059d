package import Fields
package import Inversion
package import Records
import Statistics

/// The standard deviation of the noise in a pixel of the series, and how it is known.
package struct NoiseLevel: Sendable, Codable, Hashable {
  package enum Source: String, Sendable, Codable {
    case given
    /// Recorded when the series was simulated.
    case sidecar
    /// `√(Hx + b)`: the measurements are counts.
    case counts
    /// From how the variance of the series grows with its brightness (`CountingNoise`).
    case brightness
    /// From the second differences of each projection (`NoiseEstimate`).
    case estimate
  }

  package let source: Source
  /// One a tilt: the root mean square over its pixels.
  package let perTilt: [Double]
  /// Where the variance grows with brightness, how.
  @Nullable package private(set) var counting: CountingNoise?

  /// The root mean square over the tilts.
  package var sigma: Double {
    (perTilt.reduce(0) { $0 + $1 * $1 } / Double(max(1, perTilt.count))).squareRoot()
  }

  /// Whether the series itself was asked.
  package var isEstimated: Bool { source == .brightness || source == .estimate }

  /// The same for all tilts.
  package init(_ sigma: Double, source: Source, tiltCount: Int) {
    self.init(source, Array(repeating: sigma, count: tiltCount))
  }

  /// - Parameter means: of the counts that are expected in a pixel of each tilt, background included.
  init(counts means: [Double]) {
    self.init(.counts, means.map { max(0, $0).squareRoot() })
  }

  /// - Parameter source: what tells of `noise`.
  package init(_ noise: CountingNoise, source: Source, in series: TiltSeries, workers: Workers) {
    self.init(source, noise.perTilt(of: series, workers: workers), noise)
  }

  /// - Returns: `nil` where `MeasuredNoise` finds none, or in a tilt less than a tenth of the median: there, noise
  ///   escapes it.
  package init?(estimating series: TiltSeries, workers: Workers) {
    guard let noise = MeasuredNoise(series, workers: workers) else { return nil }
    let median = upperMedian(noise.perTilt)
    guard noise.counting != nil || noise.perTilt.allSatisfy({ $0 >= median / 10 }) else {
      return nil
    }
    self.init(noise.counting == nil ? .estimate : .brightness, noise.perTilt, noise.counting)
  }

  private init(_ source: Source, _ perTilt: [Double], _ counting: CountingNoise? = nil) {
    (self.source, self.perTilt) = (source, perTilt)
    self.counting = counting
  }
}
