public import Fields

/// What a detector does to clean projections.
public enum NoiseModel: Sendable, Codable, Equatable {
  case none
  /// Adds normally distributed values of one σ everywhere.
  case gaussian(Level)
  /// Counts electrons: `k ~ Poisson(c · p)` for the line integral p, with one scale c for all tilts.
  case poisson(Dose, output: Output)

  public enum Level: Sendable, Codable, Equatable {
    /// σ as a part of the clean series' largest value.
    case relative(Double)
    /// σ in line integrals.
    case absolute(Double)
  }

  /// How many counts the brightest pixel of the tilt closest to 0° may expect.
  public enum Dose: Sendable, Codable, Equatable {
    case counts(Double)
    /// Electrons that strike each nm² in the whole series, shared equally by its tilts, and the
    /// part of those striking the brightest pixel that reach the detector:
    ///
    ///     counts = perSquareNanometre / tilts · pixelSize² · collectedFraction
    case electrons(perSquareNanometre: Double, collectedFraction: Double)
  }

  public enum Output: String, Sendable, Codable, CaseIterable {
    /// k
    case counts
    /// k / c
    case lineIntegrals
  }

  /// Gives noise to a clean `series`.
  ///
  /// The noise of a pixel depends on `seed`, its tilt, slice and bin alone.
  ///
  /// - Returns: what was done, in numbers.
  /// - Throws: ``PhantomError`` where a level is not positive, the dose needs a pixel size that the
  ///   series lacks, or the series cannot be counted.
  public func apply(
    to series: inout TiltSeries, seed: UInt64, workers: Workers = .all
  ) throws(PhantomError) -> NoiseReport {
    switch self {
    case .none:
      return NoiseReport(model: self, seed: seed)
    case .gaussian(let level):
      let sigma = try level.sigma(in: series)
      series.replacePixels(seed, workers) { value, random in
        Float(Double(value) + sigma * random.gaussian())
      }
      return NoiseReport(model: self, seed: seed, sigma: sigma)
    case .poisson(let dose, let output):
      let counts = try dose.counts(in: series)
      let scale = counts / Double(try series.brightest())
      try series.refuseNegatives()
      let unit = output == .counts ? 1 : scale
      series.replacePixels(seed, workers) { value, random in
        Float(Poisson(mean: max(0, scale * Double(value))).sample(using: &random) / unit)
      }
      return NoiseReport(model: self, seed: seed, brightestCounts: counts, countsPerUnit: scale)
    }
  }
}

/// What ``NoiseModel/apply(to:seed:workers:)`` did.
public struct NoiseReport: Sendable, Codable, Equatable {
  public let model: NoiseModel
  public let seed: UInt64
  /// σ of Gaussian noise, in line integrals.
  public let sigma: Double?
  /// The counts that the brightest pixel of the tilt closest to 0° may expect.
  public let brightestCounts: Double?
  /// Counts for a line integral of 1: the scale c.
  public let countsPerUnit: Double?

  public init(
    model: NoiseModel, seed: UInt64, sigma: Double? = nil, brightestCounts: Double? = nil,
    countsPerUnit: Double? = nil
  ) {
    (self.model, self.seed, self.sigma) = (model, seed, sigma)
    (self.brightestCounts, self.countsPerUnit) = (brightestCounts, countsPerUnit)
  }
}

extension NoiseModel.Level {
  fileprivate func sigma(in series: TiltSeries) throws(PhantomError) -> Double {
    switch self {
    case .absolute(let sigma):
      return try usable(sigma, "sigma")
    case .relative(let part):
      return try usable(part, "relative sigma") * Double(try series.largest())
    }
  }
}

extension NoiseModel.Dose {
  fileprivate func counts(in series: TiltSeries) throws(PhantomError) -> Double {
    switch self {
    case .counts(let counts):
      return try usable(counts, "count")
    case .electrons(let dose, let fraction):
      guard let pixelSize = series.pixelSize else { throw .pixelSizeUnknown }
      guard fraction > 0 && fraction <= 1 else { throw .collectedFraction(fraction) }
      let perPixel = try usable(dose, "dose") / Double(series.shape.tiltCount)
      return try usable(perPixel * pixelSize * pixelSize * fraction, "count")
    }
  }
}

private func usable(_ value: Double, _ name: String) throws(PhantomError) -> Double {
  guard value > 0 && value <= 1e12 else { throw .noiseLevel(name, value) }
  return value
}
