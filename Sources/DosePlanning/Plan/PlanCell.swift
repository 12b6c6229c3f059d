public import Reconstruction

/// What one number of tilts and one method made of the dose.
public struct PlanCell: Sendable {
  public let method: String
  public let tiltCount: Int
  /// Electrons on each nm² in one image.
  public let dosePerTilt: Double
  /// Counts expected at the brightest pixel of the tilt closest to 0°.
  public let brightestCounts: Double
  public internal(set) var runs: [PlannedRun]

  public var rmse: Spread { Spread(runs.map(\.rmse)) }
  /// nm; `nil` unless every run has a number.
  public var resolution: Spread? {
    let values = runs.compactMap(\.resolution.nm)
    return values.count == runs.count ? Spread(values) : nil
  }
  /// Whether one of the runs only tells a limit of its resolution.
  public var resolutionIsLimit: Bool {
    runs.contains {
      if case .crossing = $0.resolution { false } else { true }
    }
  }
}

/// One noise, one reconstruction.
public struct PlannedRun: Sendable {
  public let seed: UInt64
  /// Root mean square of what the noise added, in line integrals.
  public let noise: Double
  /// Against the truth, over all voxels.
  public let rmse: Double
  public let resolution: PlanResolution
  /// The strength of the prior, for a method that has one.
  public let lambda: Double?
  public let iterations: Int
  /// Everything that changed the result.
  public let settings: [String: Setting]
  public let seconds: Double
}

/// The mean of some values, and their standard deviation.
public struct Spread: Sendable, Hashable {
  public let mean: Double
  /// `√(Σ (v − mean)² / (n − 1))`; `nil` for a single value.
  public let deviation: Double?

  init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }
}
