package import Reconstruction

/// What one number of tilts and one method made of the dose.
package struct PlanCell: Sendable {
  package let method: String
  package let tiltCount: Int
  /// Electrons on each nm² in one image.
  package let dosePerTilt: Double
  /// Counts expected at the brightest pixel of the tilt closest to 0°.
  package let brightestCounts: Double
  package internal(set) var runs: [PlannedRun]

  package var rmse: Spread { Spread(runs.map(\.rmse)) }
  /// nm; `nil` unless every run has a number.
  package var resolution: Spread? {
    let values = runs.compactMap(\.resolution.nm)
    return values.count == runs.count ? Spread(values) : nil
  }
  /// Whether one of the runs only tells a limit of its resolution.
  package var resolutionIsLimit: Bool {
    runs.contains {
      if case .crossing = $0.resolution { false } else { true }
    }
  }
}

/// One noise, one reconstruction.
package struct PlannedRun: Sendable {
  package let seed: UInt64
  /// Root mean square of what the noise added, in line integrals.
  package let noise: Double
  /// Against the truth, over all voxels.
  package let rmse: Double
  package let resolution: PlanResolution
  /// The strength of the prior, for a method that has one.
  package let lambda: Double?
  package let iterations: Int
  /// Everything that changed the result.
  package let settings: [String: Setting]
  package let seconds: Double
}

/// The mean of some values, and their standard deviation.
package struct Spread: Sendable, Hashable {
  package let mean: Double
  /// `√(Σ (v − mean)² / (n − 1))`; `nil` for a single value.
  package let deviation: Double?

  init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }
}
