import Fields
import Projection
import Transforms

/// Where the Fourier shell correlation with the truth falls below 0.5, as a length in nm.
///
///     d = voxel / f,   FSC(f) = 0.5,   over what tilts of the range sample
///
/// The missing wedge is left out, the same for every number of tilts, so that cells are compared over
/// the same coefficients.
package enum PlanResolution: Sendable, Hashable {
  case crossing(nm: Double)
  /// The correlation stays above 0.5 up to the last shell, of this length.
  case atMost(nm: Double)
  /// It is below 0.5 from the first shell on.
  case atLeast(nm: Double)
  case notMeasured

  package var nm: Double? {
    switch self {
    case .crossing(let nm), .atMost(let nm), .atLeast(let nm): nm
    case .notMeasured: nil
    }
  }

  /// The coefficients that tilts of ±`range` degrees sample, `[z][x]`.
  static func mask(range: Double, of shape: VolumeShape) -> FloatStorage {
    let fan = DoseGrid.tilts(361, range: range).map { $0 * .pi / 180 }
    return TiltCoverage(fan).mask(width: shape.width, depth: shape.depth)
  }

  init(
    of estimate: Volume, with truth: Volume, mask: FloatStorage, voxelSize: Double,
    workers: Workers
  ) {
    let pair = SpectrumPair(truth, estimate, workers: workers)
    let correlation = ShellCorrelation(ShellSums(pair, mask: mask, workers: workers))
    switch correlation.resolution(.half) {
    case .crossing(let frequency): self = .crossing(nm: voxelSize / frequency)
    case .beyond(let frequency): self = .atMost(nm: voxelSize / frequency)
    case .coarser(let frequency): self = .atLeast(nm: voxelSize / frequency)
    case .notMeasured: self = .notMeasured
    }
  }
}
