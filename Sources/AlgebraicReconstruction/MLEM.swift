public import Fields
public import Projection
public import Reconstruction

/// Maximum likelihood for counts over a known background, by expectation maximisation:
/// `x ← x / (H_sᵀ 1) · H_sᵀ (y_s / (H_s x + b))`, subset by subset.
///
/// One subset is MLEM, under which the Poisson likelihood of the counts never falls; more are OSEM,
/// which is faster and only nearly does so. A slice whose start is zero throughout begins at the
/// constant that has its total of counts. Voxels that no ray meets stay as they are.
///
/// Cost: O(voxels × tilts) an iteration over all subsets. Memory: the volume and two copies of the
/// series.
///
/// - Reference: L. A. Shepp and Y. Vardi, IEEE Trans. Med. Imaging 1, 113 (1982); H. M. Hudson and
///   R. S. Larkin, IEEE Trans. Med. Imaging 13, 601 (1994).
public struct MLEM: SliceWiseMethod {
  /// Passes over all subsets at most; 50 by default.
  public let iterationLimit: Int
  /// From 1, the default, to the number of tilts.
  public let subsets: Int
  /// `b`, the expected counts in every bin that do not come from the object.
  public let background: Float
  /// Voxels outside become zero; `nil`, the default, leaves all of them free.
  public let support: Support?
  /// Looked at after each pass over all subsets; `.never` by default.
  public let stopRule: StopRule
  package let rays: RayModel

  /// - Throws: `ReconstructionError.iterations`, ``AlgebraicError/subsets(_:tilts:)`` or
  ///   ``AlgebraicError/background(_:)``.
  public init(
    iterations: Int = 50, subsets: Int = 1, background: Float = 0, support: Support? = nil,
    stopRule: StopRule = .never, rays: RayModel = .joseph
  ) throws {
    guard iterations > 0 else { throw ReconstructionError.iterations(iterations) }
    guard subsets > 0 else { throw AlgebraicError.subsets(subsets, tilts: 0) }
    guard background >= 0 && background.isFinite else {
      throw AlgebraicError.background(background)
    }
    (iterationLimit, self.subsets, self.background) = (iterations, subsets, background)
    (self.support, self.stopRule, self.rays) = (support, stopRule, rays)
  }

  public var name: String { subsets == 1 ? "mlem" : "osem" }
  public var traits: MethodTraits {
    MethodTraits(countBackground: Double(background), isResumable: iterationLimit > 1)
  }
  public var seriesCopies: Int { 1 }
  public func subsetCount(_ geometry: TiltGeometry) -> Int { subsets }
  public var supportByteCount: Int { support?.byteCount ?? 0 }

  /// - Throws: ``AlgebraicError/negativeCounts(_:of:)``
  public func admit(_ census: MeasurementCensus) throws {
    guard census.negativeCount == 0 else {
      throw AlgebraicError.negativeCounts(census.negativeCount, of: census.valueCount)
    }
  }

  /// - Throws: ``AlgebraicError/subsets(_:tilts:)`` where there are more subsets than tilts,
  ///   ``AlgebraicError/support(count:expected:)``, or ``AlgebraicError/negativeResponse``.
  public func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass {
    let tilts = geometry.series.tiltCount
    guard subsets <= tilts else { throw AlgebraicError.subsets(subsets, tilts: tilts) }
    try support?.validate(for: geometry.volume)
    guard geometry.optics?.isNonNegative ?? true else { throw AlgebraicError.negativeResponse }
    return MLEMPass(
      self, TiltSubset.interleaved(geometry, count: subsets, rays: rays, workers: workers),
      geometry)
  }
}

extension MLEM {
  private enum CodingKeys: String, CodingKey {
    case iterationLimit, subsets, background, rays, supportVoxels
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      iterations: keys.decode(Int.self, forKey: .iterationLimit),
      subsets: keys.decode(Int.self, forKey: .subsets),
      background: keys.decodeIfPresent(Float.self, forKey: .background) ?? 0,
      stopRule: StopRule(from: decoder),
      rays: keys.decodeIfPresent(RayModel.self, forKey: .rays) ?? .joseph)
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(iterationLimit, forKey: .iterationLimit)
    try keys.encode(subsets, forKey: .subsets)
    try keys.encode(background, forKey: .background)
    try keys.encode(rays, forKey: .rays)
    try keys.encodeIfPresent(support?.voxelCount, forKey: .supportVoxels)
    try stopRule.encode(to: encoder)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> MLEM {
    try MLEM(
      iterations: iterations ?? iterationLimit, subsets: subsets, background: background, rays: rays
    )
  }

  public func counting(over background: Double) throws -> MLEM? {
    try MLEM(
      iterations: iterationLimit, subsets: subsets, background: Float(background),
      support: support, stopRule: stopRule, rays: rays)
  }
}

/// One iteration of MLEM or OSEM.
private struct MLEMPass: SlicePass {
  private var subsets: [TiltSubset]
  /// `1 / (Hᵀ 1)`, one a (z, x), and the bounds.
  private var updates: [VoxelUpdate]
  private let background: Float
  private let support: Support?
  private let start: CountStart

  init(_ mlem: MLEM, _ subsets: [TiltSubset], _ geometry: TiltGeometry) {
    (self.subsets, background, support) = (subsets, mlem.background, mlem.support)
    start = CountStart(subsets, geometry)
    updates = subsets.map { subset in
      var update = VoxelUpdate(scale: subset.sums.columns.reciprocals(), lower: 0)
      update.form = .multiplying
      update.support = mlem.support?.mask
      return update
    }
  }

  mutating func turn(to place: PassPlace) {
    for i in updates.indices {
      updates[i].supportStart = support?.floats(of: place.slabs).lowerBound ?? 0
    }
  }

  mutating func refine(_ x: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
    start.fill(&x, measured)
    var sums: IterationSums?
    for i in subsets.indices {
      subsets[i].project(x)  // H x
      let squares = subsets[i].formRatio(  // y / (H x + b)
        measured, background: background, tiltCount: start.series.pageCount)
      let moved = subsets[i].update(&x, by: updates[i])  // x ← x / (Hᵀ 1) · Hᵀ (y / (H x + b))
      let part = IterationSums(residual: squares, change: moved.change, norm: moved.norm)
      sums = sums.map { $0.followed(by: part) } ?? part
    }
    return sums
  }
}
