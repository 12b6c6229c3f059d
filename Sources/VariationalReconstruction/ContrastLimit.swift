import Fields
import Inversion
import Operators
import Projection
import RealModule
import Transforms

/// The contrast below which total variation removes a ball from its surroundings.
///
/// A feature B that stands out by c costs `c μ Per(B)` and explains `c ‖H 1_B‖²_W / 2 · c` of the measurement: the minimum has no trace of it where
///
///     c ≤ μ Per(B) / ‖H 1_B‖²_W
///
/// and c less by that much elsewhere. For a ball of radius r and n tilts of weight w, Per = 4 π r² and ‖H 1_B‖²_W = 2 π r⁴ n w, so that c = 2 μ / (r² n w). Within
/// slices Per is `Σ 2 π ρ` = π² r², and c = π μ / (2 r² n w). Counts have the weight 1/m, with m at the pixels that hold most of them.
/// Chords are those of a lonely ball: where tilts see only some of it as the rest overlaps, noise hides it before.
///
/// - Reference: D. Strong and T. Chan, Inverse Problems 19, S165 (2003).
struct ContrastLimit {
  /// Voxels.
  static let radius = 3.0
  /// In units of the volume.
  let contrast: Double
  /// Over the density of the object, `Σ x² / Σ x`.
  let share: Double

  /// - Returns: `nil` for other priors, and for volumes that hold nothing.
  init?(_ method: CompressedSensing, mu: Double, _ series: TiltSeries, _ volume: Volume) {
    guard method.prior.kind == .tv || method.prior.kind == .tvL1 else { return nil }
    let weight = method.totalWeight(series)
    let (mass, squares) = Self.moments(volume.voxels)
    guard weight > 0, mass > 0, squares > 0 else { return nil }
    let isSpace = method.prior.reach == .space && volume.shape.sliceCount > 1
    contrast = (isSpace ? 2 : .pi / 2) * mu / (Self.radius * Self.radius * weight)
    share = contrast * mass / squares
  }

  /// Where it matters.
  var warning: String? {
    guard share >= 0.05 else { return nil }
    let percent = Int((100 * min(share, 1)).rounded())
    return """
      At this λ total variation removes features that differ from their surroundings by less than \(percent) % of the object's density, for a ball of radius \
      3 voxels; smaller features need more contrast, in proportion to 1/r². A feature that is not visible may still exist.
      """
  }

  /// `Σ x` and `Σ x²`
  fileprivate static func moments(_ field: FloatStorage) -> (Double, Double) {
    let values = field.span
    return values.indices.reduce((0.0, 0.0)) {
      let value = Double(values[$1])
      return ($0.0 + value, $0.1 + value * value)
    }
  }
}

extension CompressedSensing {
  /// `n w`
  fileprivate func totalWeight(_ series: TiltSeries) -> Double {
    switch fidelity {
    case .gaussian:
      let tilts = tiltWeights?.reduce(0, +) ?? Double(series.shape.tiltCount)
      return tilts * (series.runFactors(timesTilts: nil)?.mean ?? 1)
    case .poisson(let background):
      // Of Poisson counts, Σ (y² − y) / Σ y is on average Σ m² / Σ m.
      let (sum, squares) = ContrastLimit.moments(series.projections)
      let mean = max(sum > 0 ? squares / sum - 1 : 0, Double(background))
      return mean > 0 ? Double(series.shape.tiltCount) / mean : 0
    }
  }
}
