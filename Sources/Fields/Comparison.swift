public import Errors
import RealModule

/// How close an estimate `x` comes to the truth `t`, voxel by voxel.
///
/// With `a` the scale and the sums over the compared voxels,
///
///     rmse  = √(Σ (a x − t)² / n)
///     nrmse = rmse / √(Σ t² / n)
///     psnr  = 20 log₁₀(range / rmse),   range = max t − min t
///     bias  = Σ (a x − t) / n
///
/// and the mean structural similarity (Z. Wang et al., IEEE Trans. Image Process. 13, 600 (2004)) over windows of
/// 7 × 7 × 7 voxels with that range. What is not defined is `nil`. Sums are formed in `Double` and do not depend on
/// the number of threads.
public struct Comparison: Sendable, Hashable, Codable {
  /// The compared voxels, `n`.
  package let voxelCount: Int
  /// `a`: one, or the least-squares factor `Σ x t / Σ x²`; `nil` where that was asked for and the estimate is zero
  /// throughout.
  public let scale: Double?
  package let range: Double
  /// Root mean square error, in the unit of the voxels.
  public let rmse: Double
  /// `rmse` over the root mean square of the truth; `nil` where the truth is zero throughout.
  public let nrmse: Double?
  /// Peak signal-to-noise ratio in decibels; `nil` where the truth is constant, or is met exactly.
  public let psnr: Double?
  /// Mean structural similarity, at most 1; `nil` where the truth is constant, or no window fits.
  public let ssim: Double?
  /// Mean of estimate minus truth, in the unit of the voxels.
  public let bias: Double

  /// Compares two volumes of one shape. Cost: O(voxels).
  ///
  /// - Parameters:
  ///   - mask: if given, only voxels in which it exceeds 0.5 are compared.
  ///   - fittingScale: whether the estimate is first multiplied by its least-squares factor `a`.
  /// - Throws: ``ComparisonError`` where the shapes differ, the mask is empty or a voxel is not a
  ///   finite number.
  public init(
    of estimate: Volume, with truth: Volume, inside mask: Volume? = nil,
    fittingScale: Bool = false, workers: Workers = .all
  ) throws(ComparisonError) {
    for shape in [estimate.shape, mask?.shape ?? truth.shape] where shape != truth.shape {
      throw .shapes(Self.words(shape), Self.words(truth.shape))
    }
    let voxels = ComparedVoxels(estimate: estimate, truth: truth, mask: mask)
    let tally = voxels.tally(workers)
    guard tally.count > 0 else { throw .emptyMask }
    guard tally.strangers == 0 else { throw .notFinite(tally.strangers) }

    let best = fittingScale ? (tally.xx > 0 ? tally.xt / tally.xx : nil) : 1
    let scale = best ?? 1
    let (sum, squares) = voxels.residual(scale: scale, workers)
    let (n, range) = (Double(tally.count), tally.largest - tally.smallest)
    let rmse = (squares / n).squareRoot()
    (voxelCount, self.scale, self.range, self.rmse) = (tally.count, best, range, rmse)
    bias = sum / n
    nrmse = tally.tt > 0 ? rmse / (tally.tt / n).squareRoot() : nil
    psnr = range > 0 && rmse > 0 ? 20 * .log10(range / rmse) : nil
    ssim = StructuralSimilarity(range: range)?
      .mean(of: voxels, scale: scale, workers: workers)
  }

  /// Why figures are `nil`, in sentences.
  package var gaps: [String] {
    var gaps: [String] = []
    if range == 0 {
      gaps.append("PSNR and SSIM are not measured: the truth has one value in all compared voxels.")
    } else {
      if psnr == nil { gaps.append("PSNR is not measured: the two agree exactly.") }
      if ssim == nil {
        gaps.append(
          "SSIM is not measured: no window of 7 voxels per side fits around a compared voxel.")
      }
    }
    if scale == nil {
      gaps.append("The scale is not measured: the volume is zero in all compared voxels.")
    }
    if nrmse == nil {
      gaps.append("NRMSE is not measured: the truth is zero in all compared voxels.")
    }
    return gaps
  }

  private static func words(_ shape: VolumeShape) -> String {
    "\(shape.width) × \(shape.sliceCount) × \(shape.depth)"
  }
}

/// Why two volumes could not be compared.
public enum ComparisonError: CategorisedError, Equatable {
  case shapes(String, String)
  case emptyMask
  case notFinite(Int)

  public var category: ErrorCategory {
    .badData
  }

  public var description: String {
    switch self {
    case .shapes(let one, let other):
      "A volume of \(one) voxels cannot be compared with one of \(other). Crop or bin one of them."
    case .emptyMask:
      "The mask has no voxel above 0.5. Give a mask that is 1 where volumes are compared."
    case .notFinite(let count):
      """
      \(count) of the compared voxels are not finite numbers. \
      Repair them first, or leave them out with a mask.
      """
    }
  }
}
