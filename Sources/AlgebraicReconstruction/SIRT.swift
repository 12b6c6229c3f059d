public import Fields
public import Projection
public import Reconstruction

/// Simultaneous iterative reconstruction: `x ← clip(x + β C Hᵀ R (y − H x))`.
///
/// `R` and `C` hold the reciprocal row and column sums of `H`. Converges for 0 < β < 2, where nothing
/// is clipped, to the least-squares solution weighted by `R` that is nearest to the start in the norm
/// of `C⁻¹`; with noise it is best ended early.
///
/// Cost: O(voxels × tilts) an iteration. Memory: the volume and two copies of the series.
///
/// - Reference: J. Gregor and T. Benson, IEEE Trans. Med. Imaging 27, 918 (2008).
public struct SIRT: SliceWiseMethod {
  public let iterationLimit: Int
  /// `β`
  public let relaxation: Float
  /// Whether negative voxels are set to zero after each iteration.
  public let isNonNegative: Bool
  public let stopRule: StopRule
  public let rays: RayModel

  /// - Throws: ``ReconstructionError`` where a setting cannot work.
  public init(
    iterations: Int = 50, relaxation: Float = 1, isNonNegative: Bool = false,
    stopRule: StopRule = .never, rays: RayModel = .joseph
  ) throws(ReconstructionError) {
    guard iterations > 0 else { throw .iterations(iterations) }
    guard relaxation > 0 && relaxation < 2 else { throw .relaxation(relaxation) }
    (iterationLimit, self.relaxation) = (iterations, relaxation)
    (self.isNonNegative, self.stopRule, self.rays) = (isNonNegative, stopRule, rays)
  }

  public var name: String { "sirt" }
  public var settings: [String: Setting] {
    var settings: [String: Setting] = [
      "iterationLimit": .count(iterationLimit),  // as it was asked for: 1.2, not 1.2000000476837158
      "relaxation": .number(Double(relaxation.description) ?? Double(relaxation)),
      "nonNegative": .flag(isNonNegative), "rays": .text(rays.rawValue),
    ]
    settings["stopChange"] = stopRule.relativeChange.map(Setting.number)
    settings["noise"] = stopRule.noise.map(Setting.number)
    return settings
  }
  public var acceptsStart: Bool { true }
  public var seriesCopies: Int { 1 }

  public func makePass(_ geometry: TiltGeometry, workers: Workers) -> any SlicePass {
    SIRTPass(self, ParallelProjector(geometry, model: rays, workers: workers))
  }
}

private struct SIRTPass: SlicePass {
  private let projector: ParallelProjector
  /// `R`, one a (tilt, bin).
  private let rowWeights: FloatStorage
  /// `β C`, one a (z, x), and the bounds.
  private let update: VoxelUpdate
  private var residual: FloatStorage

  init(_ sirt: SIRT, _ projector: ParallelProjector) {
    self.projector = projector
    let sums = SystemSums(projector)
    rowWeights = sums.rows.reciprocals()
    update = VoxelUpdate(
      scale: sums.columns.reciprocals(), step: sirt.relaxation,
      lower: sirt.isNonNegative ? 0 : -.infinity)
    residual = FloatStorage(zeros: projector.rangeCount)
  }

  mutating func refine(_ x: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
    projector.apply(x.span, into: residual.mutableSpan)  // H x
    let squares = formWeightedResidual(  // R (y − H x)
      &residual, measured, rowWeights, shape: projector.geometry.series.slabs,
      workers: projector.workers)
    let sums = projector.applyAdjoint(  // x ← clip(x + β C Hᵀ R (y − H x))
      residual.span, updating: x.mutableSpan, by: update)
    return IterationSums(residual: squares, change: sums.change, norm: sums.norm)
  }
}
