public import Fields
public import Projection
public import Reconstruction

/// Simultaneous algebraic reconstruction, one tilt at a time:
/// `x ← clip(x + β C_t H_tᵀ R_t (y_t − H_t x))`.
///
/// `R_t` and `C_t` hold the reciprocal row and column sums of the tilt's own `H_t`. A ray that crosses
/// less than one voxel counts as crossing one, so that corners that are barely grazed do not glare.
/// Each sweep visits all tilts. Rays are thin (Joseph).
///
/// Cost: O(voxels × tilts) a sweep. Memory: the volume, the series and one slab a worker.
///
/// - Reference: A. H. Andersen and A. C. Kak, Ultrason. Imaging 6, 81 (1984).
public struct SART: SliceWiseMethod {
  /// Sweeps over all tilts at most; 10 by default.
  public let iterationLimit: Int
  /// `β`, between 0 and 2; 0.3 by default.
  public let relaxation: Relaxation
  /// In which order a sweep visits the tilts; a new permutation each time by default.
  public let order: TiltOrder
  /// What voxels are held to after each tilt; nothing by default.
  public let constraint: VoxelConstraint
  /// Looked at after each sweep; `.never` by default.
  public let stopRule: StopRule

  /// - Throws: `ReconstructionError` or ``AlgebraicError`` where a setting cannot work.
  public init(
    sweeps: Int = 10, relaxation: Relaxation = .constant(0.3),
    order: TiltOrder = .random(seed: 1), constraint: VoxelConstraint = .none,
    stopRule: StopRule = .never
  ) throws {
    guard sweeps > 0 else { throw ReconstructionError.iterations(sweeps) }
    try relaxation.validate()
    (iterationLimit, self.relaxation, self.order) = (sweeps, relaxation, order)
    (self.constraint, self.stopRule) = (constraint, stopRule)
  }

  public var name: String { "sart" }
  public var traits: MethodTraits {
    MethodTraits(isLinear: !constraint.clips, isResumable: iterationLimit > 1)
  }
  public var seriesCopies: Int { 0 }
  public var slabsPerWorker: Int { 1 }
  public func subsetCount(_ geometry: TiltGeometry) -> Int {
    geometry.optics == nil ? 1 : geometry.tilts.count
  }
  public var supportByteCount: Int { constraint.supportByteCount }

  public func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass {
    try constraint.support?.validate(for: geometry.volume)
    return SARTPass(self, geometry, workers)
  }
}

extension SART {
  /// For a group of slabs alone.
  func part(of slabs: Range<Int>) throws -> SART {
    try SART(
      sweeps: iterationLimit, relaxation: relaxation, order: order,
      constraint: constraint.part(of: slabs), stopRule: stopRule)
  }

  /// Bytes of the slabs that workers keep.
  func workerMemory(for geometry: TiltGeometry, _ workers: Workers) -> Int {
    let slabs = geometry.volume.slabs
    return 4 * slabsPerWorker * min(workers.count, slabs.slabCount) * slabs.slabLength
  }
}

extension SART {
  private enum CodingKeys: String, CodingKey { case iterationLimit }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      sweeps: keys.decode(Int.self, forKey: .iterationLimit), relaxation: Relaxation(from: decoder),
      order: TiltOrder(from: decoder), constraint: VoxelConstraint(from: decoder),
      stopRule: StopRule(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(iterationLimit, forKey: .iterationLimit)
    try relaxation.encode(to: encoder)
    try order.encode(to: encoder)
    try constraint.encode(to: encoder)
    try stopRule.encode(to: encoder)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> SART {
    try SART(
      sweeps: iterations ?? iterationLimit, relaxation: relaxation, order: order,
      constraint: constraint.withoutSupport)
  }
}

/// Sweeps over a group of slabs.
struct SARTPass: MaskablePass {
  private let sart: SART
  private var support: Support?
  private let tilts: [Double]
  private var way: Way
  private var place: PassPlace

  private enum Way {
    /// Slab by slab.
    case slabs(TiltSweep)
    /// Through a response of the instrument, which mixes slices: tilt by tilt, each on all of them.
    case tilts(SubsetsPass)
  }

  init(_ sart: SART, _ geometry: TiltGeometry, _ workers: Workers) {
    (self.sart, support, tilts) = (sart, sart.constraint.support, geometry.tilts)
    place = PassPlace(iteration: 1, slabs: 0..<geometry.volume.slabs.slabCount)
    guard geometry.optics == nil else {
      let subsets = geometry.tilts.indices.map {
        TiltSubset(geometry, tilts: [$0], rays: .joseph, workers: workers)
      }
      way = .tilts(
        SubsetsPass(
          subsets, relaxation: sart.relaxation, constraint: sart.constraint, geometry,
          shortestPath: 1))
      return
    }
    // A shorter path than one voxel counts as one.
    var rows = SystemSums(ParallelProjector(geometry, workers: workers)).rows
    var weights = rows.mutableSpan
    for i in weights.indices { weights[i] = weights[i] > 0 ? 1 / max(1, weights[i]) : 0 }
    way = .slabs(TiltSweep(geometry, rowWeights: rows, workers: workers))
  }

  mutating func turn(to place: PassPlace) {
    self.place = place
    guard case .tilts(var steps) = way else { return }
    steps.turn(to: place)
    way = .tilts(steps)
  }

  mutating func hold(to support: Support?) {
    self.support = support
    guard case .tilts(var steps) = way else { return }
    steps.hold(to: support)
    way = .tilts(steps)
  }

  mutating func refine(_ x: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
    refine(&x, to: measured, relaxation: sart.relaxation.value(sweep: place.iteration))
  }

  mutating func refine(
    _ x: inout FloatStorage, to measured: FloatStorage, relaxation: Float
  ) -> IterationSums {
    let order = sart.order.visits(tilts, sweep: place.iteration)
    switch way {
    case .slabs(let sweep): return run(sweep, &x, measured, order, relaxation)
    case .tilts(var steps): return steps.refine(&x, to: measured, in: order, step: relaxation)
    }
  }

  private func run(
    _ sweep: TiltSweep, _ x: inout FloatStorage, _ measured: FloatStorage, _ order: [Int],
    _ relaxation: Float
  ) -> IterationSums {
    let bounds = SweepBounds(
      relaxation: relaxation, lower: sart.constraint.lower, upper: sart.constraint.upper)
    let sums: SweepSums
    if let support {
      let mask = support.mask.span.extracting(support.floats(of: place.slabs))
      sums = sweep.run(
        x.mutableSpan, to: measured.span, order: order, bounds: bounds, support: mask)
    } else {
      sums = sweep.run(
        x.mutableSpan, to: measured.span, order: order, bounds: bounds, support: Span())
    }
    return IterationSums(residual: sums.residual, change: sums.change, norm: sums.norm)
  }
}
