package import Fields

/// The root mean square of the noise over what the trials fit, with the weights that tilts have.
package struct TrialNoise: Sendable {
  /// In the units of the residual; `nil` where it is not known.
  package let level: Double?
  package let source: String
  package let spread: Double?
  /// Whether it is known to be that of counts, so that it differs from pixel to pixel.
  package let isOfCounts: Bool
  /// Why an estimate was refused.
  package let refusal: String?

  package init(
    _ level: Double?, _ source: String, spread: Double? = nil, isOfCounts: Bool = false,
    refusal: String? = nil
  ) {
    (self.level, self.source, self.spread, self.refusal) = (level, source, spread, refusal)
    self.isOfCounts = isOfCounts
  }

  /// Given, known of counts, or measured.
  ///
  /// - Parameters:
  ///   - measuresCounts: whether the variance of a pixel is its mean.
  ///   - slabs: those that the trials see.
  ///   - weights: one a tilt.
  package init(
    given: Double?, measuresCounts: Bool, _ series: TiltSeries, _ slabs: Range<Int>,
    weights: [Double]?, _ workers: Workers
  ) {
    func level(_ sigmas: [Double]) -> Double { Self.level(sigmas, weights: weights) }
    func level(_ noise: CountingNoise) -> Double {
      level(noise.perTilt(of: series.group(slabs), workers: workers))
    }
    if let given {
      self.init(given, "given")
    } else if series.weights != nil {
      self.init(nil, "unknown", refusal: Self.weighted)
    } else if measuresCounts {
      self.init(
        level(CountingNoise(offset: 0, gain: 1)), "counts, whose variance is their mean",
        isOfCounts: true)
    } else if let noise = MeasuredNoise(series, workers: workers) {
      if let counting = noise.counting {
        self.init(level(counting), "variance that grows with brightness", spread: noise.spread)
      } else if noise.isContradicted {
        self.init(nil, "unknown", refusal: Self.contradiction)
      } else {
        self.init(
          level(noise.perTilt), "second differences of the projections", spread: noise.spread)
      }
    } else {
      self.init(nil, "unknown")
    }
  }

  private static let weighted = """
    The noise is not measured in the projections where bins have weights of their own. λ is chosen by predicting tilts that are left out; \
    give --noise for a rule that compares with it.
    """

  package static let contradiction = """
    The noise cannot be measured in the projections: dark parts have less noise than others, as in counts. λ is chosen by \
    predicting tilts that are left out; give --noise for a rule that compares with it.
    """

  /// The root mean square over the tilts.
  private static func level(_ sigmas: [Double], weights: [Double]?) -> Double {
    let weights = weights ?? sigmas.map { _ in 1 }
    let square = zip(weights, sigmas).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    return (square / weights.reduce(0, +)).squareRoot()
  }
}
