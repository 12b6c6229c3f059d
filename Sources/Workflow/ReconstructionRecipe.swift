public import Fields
public import Projection
public import Reconstruction
import StackIO

/// From tilt series to volume: read → check → geometry → method → write, with its sidecar.
public struct ReconstructionRecipe: Sendable {
  public let source: SeriesSource
  public let method: any SliceWiseMethod
  public let target: StackTarget
  /// Voxels across the tilt axis, and along the beam; the detector's bins by default.
  public var width: Int?
  public var depth: Int?
  public var axisOffset = 0.0
  public var zOffset = 0.0
  public var tiltOffset = 0.0
  public var flipsTilts = false
  /// A volume to start from.
  public var start: String?
  public var workers = Workers.all
  /// Bytes.
  public var memoryLimit = Int.max
  /// What the user typed, for the sidecar.
  public var command: [String] = []

  public init(_ source: SeriesSource, _ method: any SliceWiseMethod, to target: StackTarget) {
    (self.source, self.method, self.target) = (source, method, target)
  }

  public func makeGeometry() throws(GeometryError) -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(
        width: width ?? source.shape.binCount, depth: depth ?? source.shape.binCount,
        sliceCount: source.shape.sliceCount),
      series: source.shape, degrees: source.tilts, axisOffset: axisOffset, zOffset: zOffset,
      tiltOffset: tiltOffset)
  }

  /// What a run would take.
  public func plan() throws -> MemoryPlan {
    try MemoryPlan(method, try makeGeometry(), workers: workers.count, limit: memoryLimit)
  }

  /// Runs the recipe; nothing appears at the target unless all of it is done.
  public func run(_ follower: Follower) throws -> Sidecar {
    let geometry = try makeGeometry()
    let plan = try plan()
    try target.check(against: [source.path] + (start.map { [$0] } ?? []))
    let clock = ContinuousClock()

    let began = clock.now
    let measured = try store(source.shape.slabs, plan)
    try source.load(into: measured) { page in
      try follower.advance(.reading, page + 1, of: source.shape.tiltCount)
    }
    let volume = try store(geometry.volume.slabs, plan)
    if let start { try loadStart(start, into: volume, geometry.volume) }

    let computed = clock.now
    let report = try SliceWiseRun(
      method, geometry, slabsPerGroup: plan.slabsPerGroup, workers: workers
    ).reconstruct(measured, into: volume, monitor: follower.monitor)

    let writing = clock.now
    var target = target
    (target.axis, target.pixelSize) = (source.axis, source.pixelSize)
    target.pageSpacing = source.pixelSize
    let receipt = try target.write(volume) { page in
      try follower.advance(.writing, page + 1, of: geometry.volume.depth)
    }
    let written = clock.now

    var sidecar = Sidecar(
      command: command,
      output: try Sidecar.File(
        path: target.path, shape: receipt.shape, voxelSize: source.pixelSize),
      geometry: Sidecar.Geometry(self), method: report.method,
      seconds: Sidecar.Seconds(
        read: (computed - began) / .seconds(1), compute: (writing - computed) / .seconds(1),
        write: (written - writing) / .seconds(1)))
    sidecar.inputs = [
      try Sidecar.File(path: source.path, shape: source.info.shape, voxelSize: source.pixelSize)
    ]
    if let start {
      sidecar.inputs.append(try Sidecar.File(path: start, shape: receipt.shape, voxelSize: nil))
    }
    (sidecar.settings, sidecar.iterations) = (report.settings, report.iterations)
    (sidecar.history, sidecar.stopReason) = (report.history, report.stopReason)
    sidecar.dose = dose
    sidecar.warnings = source.warnings
    try sidecar.write()
    return sidecar
  }

  private func store(_ shape: SlabShape, _ plan: MemoryPlan) throws -> any SlabStore {
    plan.isInMemory
      ? MemoryStore(FloatStorage(zeros: shape.count), shape)
      : try ScratchStore(shape, beside: target.path)
  }

  private func loadStart(
    _ path: String, into store: some SlabStore, _ shape: VolumeShape
  ) throws {
    guard method.acceptsStart else { throw ReconstructionError.startNotUsed(method.name) }
    let found = try StackReader(path: path).info.shape
    let map = PageMap(store.pageShape, axis: source.axis)
    guard
      found
        == StackShape(
          pageCount: shape.depth, rowCount: map.rowCount, columnCount: map.columnCount)
    else {
      throw ReconstructionError.startShape(
        VolumeShape(
          width: source.axis == .y ? found.columnCount : found.rowCount, depth: found.pageCount,
          sliceCount: source.axis == .y ? found.rowCount : found.columnCount), expected: shape)
    }
    try loadPages(of: path, axis: source.axis, policy: .refuse, into: store) { _ in }
  }

  /// From the stack's own notes, or the sidecar of a simulated series.
  private var dose: Sidecar.Dose? {
    source.info.exposureDoses.map { Sidecar.Dose(perTilt: $0, unit: "electrons/Å²") }
      ?? Sidecar.dose(ofStackAt: source.path)
  }
}
