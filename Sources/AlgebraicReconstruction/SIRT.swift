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
  /// Iterations at most, 50 by default. There is no prior, so this number decides how much noise is fitted.
  public let iterationLimit: Int
  /// `β`, between 0 and 2; 1 by default.
  public let relaxation: Relaxation
  /// What voxels are held to after each iteration; nothing by default.
  public let constraint: VoxelConstraint
  /// Looked at after each iteration; `.never` by default.
  public let stopRule: StopRule
  package let rays: RayModel

  /// - Parameter isNonNegative: whether negative voxels are set to zero after each iteration.
  /// - Throws: `ReconstructionError` where a setting cannot work.
  public init(
    iterations: Int = 50, relaxation: Float = 1, isNonNegative: Bool = false,
    stopRule: StopRule = .never, rays: RayModel = .joseph
  ) throws {
    try self.init(
      iterations: iterations, relaxation: .constant(relaxation),
      constraint: VoxelConstraint(isNonNegative: isNonNegative), stopRule: stopRule, rays: rays)
  }

  /// - Throws: `ReconstructionError` or ``AlgebraicError`` where a setting cannot work.
  public init(
    iterations: Int = 50, relaxation: Relaxation, constraint: VoxelConstraint,
    stopRule: StopRule = .never, rays: RayModel = .joseph
  ) throws {
    guard iterations > 0 else { throw ReconstructionError.iterations(iterations) }
    try relaxation.validate()
    (iterationLimit, self.relaxation, self.constraint) = (iterations, relaxation, constraint)
    (self.stopRule, self.rays) = (stopRule, rays)
  }

  public var name: String { "sirt" }
  public var traits: MethodTraits {
    MethodTraits(isLinear: !constraint.clips, isResumable: iterationLimit > 1)
  }
  public var seriesCopies: Int { 1 }
  public var supportByteCount: Int { constraint.supportByteCount }

  /// - Throws: ``AlgebraicError/support(count:expected:)``
  public func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass {
    try constraint.support?.validate(for: geometry.volume)
    return SubsetsPass(
      TiltSubset.interleaved(geometry, count: 1, rays: rays, workers: workers),
      relaxation: relaxation, constraint: constraint, geometry)
  }
}

extension SIRT {
  private enum CodingKeys: String, CodingKey { case iterationLimit, rays }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      iterations: keys.decode(Int.self, forKey: .iterationLimit),
      relaxation: Relaxation(from: decoder), constraint: VoxelConstraint(from: decoder),
      stopRule: StopRule(from: decoder),
      rays: keys.decodeIfPresent(RayModel.self, forKey: .rays) ?? .joseph)
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(iterationLimit, forKey: .iterationLimit)
    try keys.encode(rays, forKey: .rays)
    try relaxation.encode(to: encoder)
    try constraint.encode(to: encoder)
    try stopRule.encode(to: encoder)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> SIRT {
    try SIRT(
      iterations: iterations ?? iterationLimit, relaxation: relaxation,
      constraint: constraint.withoutSupport, rays: rays)
  }
}
