public import Fields
public import Projection

/// A method that turns a tilt series into a volume.
///
/// Its `Codable` form is flat: each parameter that changes the result under its own key. Records hold it, so that a
/// method can be made again from a result (``MethodRegistry``).
public protocol ReconstructionMethod: Sendable, Codable {
  /// What the command line and records call it.
  var name: String { get }
  /// What planning and judging a run need to know of it.
  var traits: MethodTraits { get }
  /// Iterations at most; 1 for a direct method.
  var iterationLimit: Int { get }
  /// Bytes of the mask that it was set up with; none by default.
  var supportByteCount: Int { get }

  /// Bytes of all fields of a run in memory, the volume and the measured series included, its start and its
  /// mask not; by default two of each.
  func memory(for geometry: TiltGeometry, workers: Workers) -> Int

  /// Reconstructs `series`, `[slab][tilt][bin][lane]`, into a volume, `[slab][z][x][lane]`.
  ///
  /// - Parameters:
  ///   - start: where an iterative method begins; zero without it.
  ///   - monitor: is told of each iteration, and may end the run.
  ///   - keeper: where the run goes on, and keeps itself, if the method is resumable.
  /// - Throws: ``ReconstructionError``, or what preparing the method throws.
  func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport)

  /// The same with nothing left to choose or to end early, so that runs on parts of a series can be compared;
  /// without its mask, which the parts must not share. By default the method itself.
  ///
  /// - Parameters:
  ///   - iterations: the number that was run; `nil` for the method's own limit.
  ///   - lambda: the strength of the prior that was used; `nil` for the method's own.
  func repeatable(iterations: Int?, lambda: Double?) throws -> Self

  /// The same for some of `count` tilts; by default the method itself.
  func restricted(to tilts: [Int], of count: Int) throws -> Self

  /// The same for counts over a flat background, in the series' units; `nil`, as by default, where the method does
  /// not model counts.
  func counting(over background: Double) throws -> Self?

  /// The same, told that the measurements are counts, so that the variance of each is its mean; by default the
  /// method itself.
  func knowingCounts() -> Self

  /// The same with a strength of the prior in absolute units; `nil`, as by default, where it has no prior.
  func regularised(by mu: Double) -> Self?
}

extension ReconstructionMethod {
  public var supportByteCount: Int { 0 }

  public func memory(for geometry: TiltGeometry, workers: Workers) -> Int {
    8 * (geometry.volume.slabs.count + geometry.series.slabs.count)
  }

  /// The same without a keeper.
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume? = nil,
    workers: Workers = .all, monitor: Monitor = .silent
  ) throws -> (Volume, ReconstructionReport) {
    try reconstruct(
      series, geometry, from: start, workers: workers, monitor: monitor, keeper: nil)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> Self { self }
  public func restricted(to tilts: [Int], of count: Int) throws -> Self { self }
  public func counting(over background: Double) throws -> Self? { nil }
  public func knowingCounts() -> Self { self }
  public func regularised(by mu: Double) -> Self? { nil }
}

/// A method under which no slice depends on another, so that slabs can come and go.
public protocol SliceWiseMethod: ReconstructionMethod {
  /// When to end before the limit.
  var stopRule: StopRule { get }
  /// Copies of the series that a pass keeps beside the measured one.
  var seriesCopies: Int { get }
  /// Bins of a line of such a copy; those of the detector unless said otherwise.
  func binsPerCopy(_ geometry: TiltGeometry) -> Int

  /// Fields of the volume's size that a pass keeps beside it; none unless said otherwise.
  var volumeCopies: Int { get }
  /// Slabs of the volume that each worker keeps beside it; none unless said otherwise.
  var slabsPerWorker: Int { get }
  /// Parts of the tilts that have a projector and tables of their own; one unless said otherwise.
  func subsetCount(_ geometry: TiltGeometry) -> Int

  /// Refuses measurements that the method cannot take; by default none.
  func admit(_ census: MeasurementCensus) throws
  /// Sets up a pass for a group of slabs of this geometry.
  func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass
}

/// One iteration over a group of slabs, with the scratch that it needs.
public protocol SlicePass {
  /// What it carries from one ``refine(_:to:)`` to the next, as a run is kept; nothing by default.
  var carried: CarriedState { get set }
  /// Is told what the next ``refine(_:to:)`` works on; by default that makes no difference.
  mutating func turn(to place: PassPlace)
  /// Improves `volume` towards `measured`.
  ///
  /// - Returns: sums for each true slice, or `nil` where a direct method has none.
  mutating func refine(_ volume: inout FloatStorage, to measured: FloatStorage) -> IterationSums?
}

/// Where a pass stands in a run.
public struct PassPlace: Sendable, Hashable {
  /// Counted from 1.
  public let iteration: Int
  /// The slabs of the whole volume that are lent to the pass.
  public let slabs: Range<Int>

  package init(iteration: Int, slabs: Range<Int>) {
    (self.iteration, self.slabs) = (iteration, slabs)
  }
}

extension SliceWiseMethod {
  public func binsPerCopy(_ geometry: TiltGeometry) -> Int { geometry.series.binCount }
  public var volumeCopies: Int { 0 }
  public var slabsPerWorker: Int { 0 }
  public func subsetCount(_ geometry: TiltGeometry) -> Int { 1 }
}

extension SlicePass {
  public mutating func turn(to place: PassPlace) {}
}

/// What one iteration did to each slice.
public struct IterationSums: Sendable, Equatable {
  /// `‖y − Hx‖²` before the update.
  public var residual: [Double]
  /// `‖Δx‖²`
  public var change: [Double]
  /// `‖x‖²` after the update.
  public var norm: [Double]

  /// Each list has one value per true slice.
  public init(residual: [Double], change: [Double], norm: [Double]) {
    (self.residual, self.change, self.norm) = (residual, change, norm)
  }
}

extension SliceWiseMethod {
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
    guard start == nil || traits.acceptsStart else { throw ReconstructionError.startNotUsed(name) }
    if let start, start.shape != geometry.volume {
      throw ReconstructionError.startShape(start.shape, expected: geometry.volume)
    }
    let measured = MemoryStore(series.projections, series.shape.slabs)
    let volume = MemoryStore(
      start?.voxels ?? FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs)
    let run = SliceWiseRun(
      self, geometry, slabsPerGroup: geometry.volume.slabs.slabCount, workers: workers)
    let report = try run.reconstruct(measured, into: volume, monitor: monitor, keeper: keeper)
    return (
      Volume(volume.field, shape: geometry.volume, voxelSize: series.pixelSize), report
    )
  }
}
