public import Fields

/// What a detector does to clean projections.
///
/// Counting electrons means `k ~ Poisson(c · p)` for the line integral p, with one scale c for all
/// tilts. It is set by the counts that the *brightest pixel*, the largest value of the tilt closest
/// to 0°, may expect. Reading an image adds to each pixel, whatever it holds, normally distributed
/// electrons of standard deviation `readNoise`; 0 is a detector that counts perfectly.
public enum NoiseModel: Sendable, Codable, Equatable {
  /// Leaves projections as they are.
  case none
  /// Adds normally distributed values of standard deviation `sigma`, in line integrals.
  case gaussian(sigma: Double)
  /// The same, with σ the `fraction` of the largest value of the clean series.
  case relativeGaussian(fraction: Double)
  /// Electrons are counted, `counts` of them expected at the brightest pixel.
  case poisson(counts: Double, readNoise: Double = 0, output: Output)
  /// Electrons are counted, `perSquareNanometre` of them striking each nm² in the whole series.
  ///
  /// The tilts share them equally, and `collectedFraction` is the part of those striking the
  /// brightest pixel that reaches the detector:
  ///
  ///     counts = perSquareNanometre / tilts · pixelSize² · collectedFraction
  case dose(
    perSquareNanometre: Double, collectedFraction: Double, readNoise: Double = 0, output: Output)

  /// In which unit the counts k, read noise included, are given.
  public enum Output: String, Sendable, Codable, CaseIterable {
    /// Electrons: k.
    case counts
    /// Line integrals, as the clean projections: k / c.
    case lineIntegrals
  }

  /// Electrons, root mean square, that reading an image adds to each pixel.
  package var readNoise: Double {
    switch self {
    case .poisson(_, let readNoise, _), .dose(_, _, let readNoise, _): readNoise
    case .none, .gaussian, .relativeGaussian: 0
    }
  }

  /// What counts are given as; `nil` where nothing is counted.
  package var output: Output? {
    switch self {
    case .poisson(_, _, let output), .dose(_, _, _, let output): output
    case .none, .gaussian, .relativeGaussian: nil
    }
  }

  /// Gives noise to a clean `series`.
  ///
  /// The noise of a pixel depends on `seed`, its tilt, slice and bin alone, and not on the number of workers.
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
    case .gaussian(let sigma):
      return series.addGaussian(try usable(sigma, "sigma"), self, seed, workers)
    case .relativeGaussian(let fraction):
      let sigma = try usable(fraction, "fraction") * Double(try series.largest())
      return series.addGaussian(sigma, self, seed, workers)
    case .poisson(let counts, _, let output):
      return try series.count(try usable(counts, "count"), output, self, seed, workers)
    case .dose(let dose, let fraction, _, let output):
      guard let pixelSize = series.pixelSize else { throw .pixelSizeUnknown }
      guard fraction > 0 && fraction <= 1 else { throw .collectedFraction(fraction) }
      let perPixel = try usable(dose, "dose") / Double(series.shape.tiltCount)
      let counts = try usable(perPixel * pixelSize * pixelSize * fraction, "count")
      return try series.count(counts, output, self, seed, workers)
    }
  }
}

private func usable(_ value: Double, _ name: String) throws(PhantomError) -> Double {
  guard value > 0 && value <= 1e12 else { throw .noiseLevel(name, value) }
  return value
}

/// What ``NoiseModel/apply(to:seed:workers:)`` did.
public struct NoiseReport: Sendable, Codable, Equatable {
  package let model: NoiseModel
  package let seed: UInt64
  /// σ of Gaussian noise, in line integrals.
  public let sigma: Double?
  /// The counts that the brightest pixel of the tilt closest to 0° may expect.
  public let brightestCounts: Double?
  /// Counts for a line integral of 1: the scale c.
  public let countsPerUnit: Double?

  init(
    model: NoiseModel, seed: UInt64, sigma: Double? = nil, brightestCounts: Double? = nil,
    countsPerUnit: Double? = nil
  ) {
    (self.model, self.seed, self.sigma) = (model, seed, sigma)
    (self.brightestCounts, self.countsPerUnit) = (brightestCounts, countsPerUnit)
  }
}
