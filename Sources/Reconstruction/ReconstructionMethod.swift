public import Fields
public import Projection

/// A method that turns a tilt series into a volume.
public protocol ReconstructionMethod: Sendable {
  /// What the command line and the sidecar call it.
  var name: String { get }
  /// Everything that changes the result, by name.
  var settings: [String: Setting] { get }
  /// Iterations at most; 1 for a direct method.
  var iterationLimit: Int { get }
  /// Whether a start volume means anything to it.
  var acceptsStart: Bool { get }
  /// Bytes of the mask that it was set up with; none by default.
  var supportByteCount: Int { get }

  /// Reconstructs `series`, `[slab][tilt][bin][lane]`, into a volume, `[slab][z][x][lane]`.
  ///
  /// - Parameters:
  ///   - start: where an iterative method begins; zero without it.
  ///   - monitor: is told of each iteration, and may end the run.
  /// - Throws: ``ReconstructionError``, or what preparing the method throws.
  func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor
  ) throws -> (Volume, ReconstructionReport)
}

extension ReconstructionMethod {
  public var supportByteCount: Int { 0 }
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
  var subsetCount: Int { get }

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

  public init(iteration: Int, slabs: Range<Int>) {
    (self.iteration, self.slabs) = (iteration, slabs)
  }
}

extension SliceWiseMethod {
  public func binsPerCopy(_ geometry: TiltGeometry) -> Int { geometry.series.binCount }
  public var volumeCopies: Int { 0 }
  public var slabsPerWorker: Int { 0 }
  public var subsetCount: Int { 1 }
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

  public init(residual: [Double], change: [Double], norm: [Double]) {
    (self.residual, self.change, self.norm) = (residual, change, norm)
  }
}

extension SliceWiseMethod {
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor = .silent
  ) throws -> (Volume, ReconstructionReport) {
    guard start == nil || acceptsStart else { throw ReconstructionError.startNotUsed(name) }
    if let start, start.shape != geometry.volume {
      throw ReconstructionError.startShape(start.shape, expected: geometry.volume)
    }
    let measured = MemoryStore(series.projections, series.shape.slabs)
    let volume = MemoryStore(
      start?.voxels ?? FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs)
    let run = SliceWiseRun(
      self, geometry, slabsPerGroup: geometry.volume.slabs.slabCount, workers: workers)
    let report = try run.reconstruct(measured, into: volume, monitor: monitor)
    return (
      Volume(volume.field, shape: geometry.volume, voxelSize: series.pixelSize), report
    )
  }
}

/// Follows a run from outside.
public struct Monitor: Sendable {
  /// Called after each pass over a group of slabs.
  public var onProgress: @Sendable (Progress) -> Void
  /// Asked before each pass; `true` ends the run with ``ReconstructionError/interrupted``.
  public var isCancelled: @Sendable () -> Bool

  public init(
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.onProgress, self.isCancelled) = (onProgress, isCancelled)
  }

  public static let silent = Monitor()

  /// How far a run has come.
  public struct Progress: Sendable {
    public let iteration: Int
    public let iterationLimit: Int
    /// Of the whole run, between 0 and 1, if it goes to the limit.
    public let fraction: Double

    public init(iteration: Int, iterationLimit: Int, fraction: Double) {
      (self.iteration, self.iterationLimit) = (iteration, iterationLimit)
      self.fraction = fraction
    }
  }
}

public enum ReconstructionError: Error, Equatable, CustomStringConvertible {
  case interrupted
  case startNotUsed(String)
  case startShape(VolumeShape, expected: VolumeShape)
  case relaxation(Float)
  case iterations(Int)
  case tolerance(Double)
  case pointOfAnotherRun

  public var description: String {
    switch self {
    case .interrupted:
      "The run was interrupted; nothing was written."
    case .startNotUsed(let method):
      "Method \(method) has no use for a start volume. Leave --init away, or choose sirt."
    case .startShape(let found, let expected):
      """
      The start volume has \(found.width) × \(found.sliceCount) × \(found.depth) voxels (x, y, z), \
      but this run needs \(expected.width) × \(expected.sliceCount) × \(expected.depth). \
      Give a volume of that size, or set --depth to match.
      """
    case .relaxation(let value):
      "A relaxation of \(value) does not converge. Choose one above 0 and below 2."
    case .iterations(let count):
      "\(count) iterations cannot be run. Ask for at least 1."
    case .tolerance(let value):
      "A stop level of \(value) is not usable. Give a positive number."
    case .pointOfAnotherRun:
      "The checkpoint holds numbers that this run cannot have made. Remove it and start again."
    }
  }
}
