import Fields
import Inversion
import Operators

/// The root mean square of the noise over what the trials fit, with the weights that they have.
struct TrialNoise {
  /// 1 for counts, whose misfit is in units of their noise; `nil` where it is not known.
  let level: Double?
  let source: String
  let spread: Double?
  /// Whether it is known to be that of counts, so that it differs from pixel to pixel.
  let isOfCounts: Bool
  /// Why an estimate was refused.
  let refusal: String?

  init(
    _ method: CompressedSensing, given: Double?, _ series: TiltSeries, _ slabs: Range<Int>,
    _ workers: Workers
  ) {
    if case .poisson = method.fidelity {
      self.init(1, "counts")
    } else if let given {
      self.init(given, "given")
    } else if method.measuresCounts {
      let noise = CountingNoise(offset: 0, gain: 1)
      self.init(
        method.level(noise.perTilt(of: series.group(slabs), workers: workers)),
        "counts, whose variance is their mean",
        isOfCounts: true)
    } else if let noise = MeasuredNoise(series, workers: workers) {
      self.init(noise, method, series.group(slabs), workers)
    } else {
      self.init(nil, "unknown")
    }
  }

  private init(
    _ noise: MeasuredNoise, _ method: CompressedSensing, _ part: TiltSeries, _ workers: Workers
  ) {
    if let counting = noise.counting {
      let sigmas = counting.perTilt(of: part, workers: workers)
      self.init(
        method.level(sigmas), "variance that grows with brightness", spread: noise.spread)
    } else if noise.isContradicted {
      self.init(nil, "unknown", refusal: Self.contradiction)
    } else {
      self.init(
        method.level(noise.perTilt), "second differences of the projections", spread: noise.spread)
    }
  }

  private init(
    _ level: Double?, _ source: String, spread: Double? = nil, isOfCounts: Bool = false,
    refusal: String? = nil
  ) {
    (self.level, self.source, self.spread, self.refusal) = (level, source, spread, refusal)
    self.isOfCounts = isOfCounts
  }

  static let contradiction = """
    The noise cannot be measured in the projections: dark parts have less noise than others, as in counts. λ is chosen by \
    predicting tilts that are left out; give --noise for a rule that compares with it.
    """

  /// The root mean square of what noise alone adds to the gradient of the fit at a voxel, but for the footprint of a ray.
  func pull(_ method: CompressedSensing, _ series: TiltSeries) -> Double? {
    let tilts = Double(series.shape.tiltCount)
    switch method.fidelity {
    case .gaussian:
      // Weights are relative to each other: the strength has the scale that they have.
      guard let level else { return nil }
      let weights = method.tiltWeights ?? [1]
      return level * tilts.squareRoot() * weights.reduce(0, +) / Double(weights.count)
    case .poisson(let background):
      let curvature = KullbackLeibler(background: RunFactors(uniform: background))
        .meanCurvature(series.projections.span, valueCount: series.shape.slabs.valueCount)
      return (tilts * curvature).squareRoot()
    }
  }
}

extension CompressedSensing {
  /// The root mean square over the tilts, with the weights that they have.
  fileprivate func level(_ sigmas: [Double]) -> Double {
    let weights = tiltWeights ?? sigmas.map { _ in 1 }
    let square = zip(weights, sigmas).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    return (square / weights.reduce(0, +)).squareRoot()
  }
}
