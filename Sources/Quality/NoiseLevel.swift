package import Fields
import Inversion

/// The standard deviation of the noise in a pixel of the series, and how it is known.
public struct NoiseLevel: Sendable, Codable, Hashable {
  public enum Source: String, Sendable, Codable {
    case given
    /// Recorded when the series was simulated.
    case sidecar
    /// `√(Hx + b)`: the measurements are counts.
    case counts
    /// From the second differences of each projection (`NoiseEstimate`).
    case estimate
  }

  public let source: Source
  /// One a tilt.
  public let perTilt: [Double]
  /// How well it is known, relative to it: for an estimate, half the spread over the tilts.
  @Nullable public private(set) var spread: Double?

  /// The root mean square over the tilts.
  public var sigma: Double {
    (perTilt.reduce(0) { $0 + $1 * $1 } / Double(max(1, perTilt.count))).squareRoot()
  }

  /// The same for all tilts.
  public init(_ sigma: Double, source: Source, tiltCount: Int) {
    self.source = source
    perTilt = Array(repeating: sigma, count: tiltCount)
    _spread = Nullable(wrappedValue: nil)
  }

  /// - Parameter means: of the counts that are expected in a pixel of each tilt, background included.
  init(counts means: [Double]) {
    (source, perTilt) = (.counts, means.map { max(0, $0).squareRoot() })
    _spread = Nullable(wrappedValue: nil)
  }

  /// - Returns: `nil` for projections that are too small or hold no noise, and where the estimate of a tilt
  ///   falls below a tenth of the median: counts so sparse that most pixels are alike escape it.
  package init?(estimating series: TiltSeries, workers: Workers) {
    guard let estimate = NoiseEstimate(series, workers: workers), estimate.sigma > 0,
      estimate.perTilt.allSatisfy({ $0 >= estimate.sigma / 10 })
    else { return nil }
    (source, perTilt) = (.estimate, estimate.perTilt)
    _spread = Nullable(wrappedValue: estimate.spread)
  }
}
