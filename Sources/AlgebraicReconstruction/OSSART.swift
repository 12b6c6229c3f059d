public import Fields
public import Projection
public import Reconstruction

/// SART with ordered subsets: `x ← clip(x + β C_s H_sᵀ R_s (y_s − H_s x))`, subset by subset.
///
/// `H_s` holds every `subsets`-th tilt by angle, `R_s` and `C_s` the reciprocals of its row and column
/// sums. One subset is SIRT, as many as there are tilts nearly SART; in between it learns about
/// `subsets` times as fast as SIRT and takes up noise as much sooner.
///
/// Cost: O(voxels × tilts) an iteration over all subsets. Memory: the volume and two copies of the
/// series.
///
/// - Reference: G. Wang and M. Jiang, J. X-Ray Sci. Technol. 12, 169 (2004).
public struct OSSART: SliceWiseMethod {
  /// Passes over all subsets at most; 10 by default.
  public let iterationLimit: Int
  /// From 1 to the number of tilts; 8 by default.
  public let subsets: Int
  /// `β`, between 0 and 2; 1 by default.
  public let relaxation: Relaxation
  /// What voxels are held to after each subset; nothing by default.
  public let constraint: VoxelConstraint
  /// Looked at after each pass over all subsets; `.never` by default.
  public let stopRule: StopRule
  package let rays: RayModel

  /// - Throws: `ReconstructionError` or ``AlgebraicError`` where a setting cannot work.
  public init(
    iterations: Int = 10, subsets: Int = 8, relaxation: Relaxation = .constant(1),
    constraint: VoxelConstraint = .none, stopRule: StopRule = .never, rays: RayModel = .joseph
  ) throws {
    guard iterations > 0 else { throw ReconstructionError.iterations(iterations) }
    guard subsets > 0 else { throw AlgebraicError.subsets(subsets, tilts: 0) }
    try relaxation.validate()
    (iterationLimit, self.subsets, self.relaxation) = (iterations, subsets, relaxation)
    (self.constraint, self.stopRule, self.rays) = (constraint, stopRule, rays)
  }

  public var name: String { "os-sart" }
  public var traits: MethodTraits {
    MethodTraits(isLinear: !constraint.clips, isResumable: iterationLimit > 1)
  }
  public var seriesCopies: Int { 1 }
  public func subsetCount(_ geometry: TiltGeometry) -> Int { subsets }
  public var supportByteCount: Int { constraint.supportByteCount }

  /// - Throws: ``AlgebraicError/subsets(_:tilts:)`` where there are more subsets than tilts, or
  ///   ``AlgebraicError/support(count:expected:)``.
  public func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass {
    let tilts = geometry.series.tiltCount
    guard subsets <= tilts else { throw AlgebraicError.subsets(subsets, tilts: tilts) }
    try constraint.support?.validate(for: geometry.volume)
    return SubsetsPass(
      TiltSubset.interleaved(geometry, count: subsets, rays: rays, workers: workers),
      relaxation: relaxation, constraint: constraint, geometry)
  }
}

extension OSSART {
  private enum CodingKeys: String, CodingKey { case iterationLimit, subsets, rays }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      iterations: keys.decode(Int.self, forKey: .iterationLimit),
      subsets: keys.decode(Int.self, forKey: .subsets), relaxation: Relaxation(from: decoder),
      constraint: VoxelConstraint(from: decoder), stopRule: StopRule(from: decoder),
      rays: keys.decodeIfPresent(RayModel.self, forKey: .rays) ?? .joseph)
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(iterationLimit, forKey: .iterationLimit)
    try keys.encode(subsets, forKey: .subsets)
    try keys.encode(rays, forKey: .rays)
    try relaxation.encode(to: encoder)
    try constraint.encode(to: encoder)
    try stopRule.encode(to: encoder)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> OSSART {
    try OSSART(
      iterations: iterations ?? iterationLimit, subsets: subsets, relaxation: relaxation,
      constraint: constraint.withoutSupport, rays: rays)
  }
}

/// One iteration of SIRT or OS-SART.
struct SubsetsPass: MaskablePass {
  private var subsets: [TiltSubset]
  /// `R`, one a (tilt of the subset, bin).
  private let rowWeights: [FloatStorage]
  /// `β C`, one a (z, x), and the bounds.
  private var updates: [VoxelUpdate]
  private let relaxation: Relaxation
  private var support: Support?
  private let tiltCount: Int

  /// - Parameter shortestPath: a ray that crosses less counts as crossing this.
  init(
    _ subsets: [TiltSubset], relaxation: Relaxation, constraint: VoxelConstraint,
    _ geometry: TiltGeometry, shortestPath: Float = 0
  ) {
    (self.subsets, self.relaxation) = (subsets, relaxation)
    support = constraint.support
    tiltCount = geometry.series.tiltCount
    rowWeights = subsets.map { $0.sums.rows.reciprocals(atLeast: shortestPath) }
    updates = subsets.map { subset in
      var update = VoxelUpdate(
        scale: subset.sums.columns.reciprocals(), lower: constraint.lower, upper: constraint.upper)
      update.support = constraint.support?.mask
      return update
    }
    turn(to: PassPlace(iteration: 1, slabs: 0..<1))
  }

  mutating func hold(to support: Support?) {
    self.support = support
    for i in updates.indices { updates[i].support = support?.mask }
  }

  mutating func turn(to place: PassPlace) {
    for i in updates.indices {
      updates[i].step = relaxation.value(sweep: place.iteration)
      updates[i].supportStart = support?.floats(of: place.slabs).lowerBound ?? 0
    }
  }

  mutating func refine(_ x: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
    refine(&x, to: measured, in: Array(subsets.indices), step: updates[0].step)
  }

  /// Visits subsets in another order than that in which they stand.
  mutating func refine(
    _ x: inout FloatStorage, to measured: FloatStorage, in order: [Int], step: Float
  ) -> IterationSums {
    var sums: IterationSums?
    for i in order {
      updates[i].step = step
      subsets[i].project(x)  // H x
      let squares = subsets[i].formWeightedResidual(  // R (y − H x)
        measured, rowWeights[i], tiltCount: tiltCount)
      let moved = subsets[i].update(&x, by: updates[i])  // x ← clip(x + β C Hᵀ R (y − H x))
      let part = IterationSums(residual: squares, change: moved.change, norm: moved.norm)
      sums = sums.map { $0.followed(by: part) } ?? part
    }
    return sums ?? IterationSums(residual: [], change: [], norm: [])
  }
}

extension IterationSums {
  /// The sums of two updates in succession; changes add up as if they were at right angles.
  func followed(by next: IterationSums) -> IterationSums {
    IterationSums(
      residual: zip(residual, next.residual).map(+), change: zip(change, next.change).map(+),
      norm: next.norm)
  }
}
