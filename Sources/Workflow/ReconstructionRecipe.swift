import Quality
public import SeriesIO
public import Fields
package import Files
import Preparation
package import Projection
public import Reconstruction
import Records
import StackIO

/// From a tilt series on disk to a volume on disk: read → check → geometry → method → write, with its sidecar.
public struct ReconstructionRecipe: Sendable {
  package let source: SeriesSource
  package private(set) var method: any ReconstructionMethod
  package let target: StackTarget
  /// Voxels across the tilt axis (x); as many as detector bins by default.
  public var width: Int?
  /// Voxels along the beam (z); as many as detector bins by default.
  public var depth: Int?
  /// Voxels that are reconstructed beyond either side of `x` and not written: room for what tilted
  /// projections see of an object wider than the volume.
  package var margin = 0
  /// Where the tilt axis lies, in pixels from the centre of the detector; where the source says by default.
  public var axisOffset = 0.0
  package var zOffset = 0.0
  package var tiltOffset = 0.0
  /// The path of a volume to start from, of the shape of the result; for iterative methods alone.
  public var start: String?
  /// What makes a start at half the resolution; `nil` for none.
  package var coarseMethod: (any SliceWiseMethod)?
  /// What the instrument makes of line integrals; `nil` for nothing.
  package var optics: OpticsSource?
  /// Other files that the method was set up from, such as a mask or a point spread.
  package var companions: [Fingerprint] = []
  /// Threads. The result does not depend on their number.
  public var workers = Workers.all
  /// Bytes of the process at most: with less than all slices need, groups of them are worked on one after another, and fields
  /// wait on disk. No limit by default.
  public var memoryLimit = Int.max
  /// Whether the quality of the result will be measured in this process.
  package var isJudged = false
  /// Iterations from one checkpoint to the next; `nil` for none.
  package var checkpointInterval: Int?
  /// Whether the run goes on from a checkpoint, and then is kept where it is interrupted.
  package var resumes = false
  /// What the user typed, for the sidecar.
  package var command: [String] = []

  /// A run with a volume as wide and deep as the detector.
  public init(_ source: SeriesSource, _ method: any ReconstructionMethod, to target: StackTarget) {
    (self.source, self.method, self.target) = (source, method, target)
    axisOffset = source.axisOffset
  }

  /// Where a run that can be resumed keeps its checkpoint; `nil` for a run that keeps none.
  package var checkpoint: String? { isKept ? Checkpoint.path(for: target) : nil }

  /// Of the run, margins and optics included.
  package func makeGeometry() throws -> TiltGeometry { try place().0 }

  private func place() throws -> (TiltGeometry, notes: [String]) {
    let geometry = try TiltGeometry(
      volume: VolumeShape(
        width: (width ?? source.shape.binCount) + 2 * margin, depth: depth ?? source.shape.binCount,
        sliceCount: source.shape.sliceCount),
      series: source.shape, degrees: source.tilts, axisOffset: axisOffset, zOffset: zOffset,
      tiltOffset: tiltOffset)
    guard let optics else { return (geometry, []) }
    let (seen, notes) = try optics.optics(
      of: geometry, axis: source.axis, pixelSize: source.pixelSize, workers: workers)
    return (geometry.seen(through: seen), notes)
  }

  /// What a run would take, once everything that can be known before it is checked.
  ///
  /// - Parameter slabsPerGroup: what a run that goes on had in memory.
  package func plan(slabsPerGroup: Int? = nil) throws -> MemoryPlan {
    let geometry = try makeGeometry()
    _ = try files()
    if let start { try checkStart(start, geometry.volume) }
    if isKept && !method.traits.isResumable { throw WorkflowError.notKept(method: method.name) }
    let plan = try runPlan(geometry, slabsPerGroup)
    guard isJudged else { return plan }
    let quality = try QualityMemory(
      geometry, tilts: source.tilts, workers: workers,
      // Memory does not depend on λ.
      method: try method.repeatable(iterations: nil, lambda: 1))
    return try plan.followed(
      byQuality: quality.need(besides: method.supportByteCount), limit: memoryLimit)
  }

  private func runPlan(_ geometry: TiltGeometry, _ slabsPerGroup: Int?) throws -> MemoryPlan {
    guard let sliceWise = method as? any SliceWiseMethod else {
      return try MemoryPlan(
        whole: method, geometry, hasStart: start != nil, workers: workers.count, limit: memoryLimit)
    }
    guard let coarse = try makeCoarseStart(geometry) else {
      return try MemoryPlan(
        sliceWise, geometry, workers: workers.count, limit: memoryLimit,
        slabsPerGroup: slabsPerGroup)
    }
    return try MemoryPlan(
      sliceWise, geometry, after: coarse, workers: workers.count, limit: memoryLimit)
  }

  /// Runs the recipe; nothing appears at the target unless all of it is done.
  ///
  /// - Returns: what the sidecar `NAME.json` beside the volume tells.
  /// - Throws: ``WorkflowError``, `GeometryError`, `ReconstructionError`, `MemoryLimitError`, or what reading, writing or the
  ///   method throws.
  public func run(_ follower: Follower) throws -> Sidecar {
    do {
      return try run(until: follower)
    } catch ReconstructionError.interrupted where isKept && Checkpoint.exists(for: target) {
      throw WorkflowError.paused(checkpoint: Checkpoint.path(for: target))
    }
  }

  private func run(until follower: Follower) throws -> Sidecar {
    let (geometry, opticsNotes) = try place()
    let files = try files()
    let checkpoint = isKept ? try Checkpoint(self) : nil
    let plan = try checkpoint?.plan ?? plan()
    let clock = ContinuousClock()

    let began = clock.now
    follower.begin(files)
    let measured = try store(source.shape.slabs, plan)
    var inputs = [
      try source.load(into: measured) { page in
        try follower.advance(.reading, page + 1, of: source.shape.tiltCount)
      }
    ]
    let volume = try store(geometry.volume.slabs, plan)
    if let start {
      let (info, stamp) = try headers(of: start)
      let used =
        checkpoint?.point == nil
        ? try loadPages(of: start, stamp, axis: source.axis, policy: .refuse, into: volume) {
          try follower.advance(.reading, $0 + 1, of: geometry.volume.depth)
        } : try Fingerprint(path: start)
      inputs.append(RecordedFile(used, info, voxelSize: info.pixelSize))
    }
    let (known, mismatch) = Sidecar.known(of: inputs[0])
    inputs += RecordedFile.each(companions + source.companions)
    let reach = try FieldReach(measured, degrees: source.tilts)

    let computed = clock.now
    if checkpoint?.point == nil { try begin(measured, volume, geometry, follower) }
    let report = try told(known?.counts)
      .reconstruct(measured, into: volume, geometry, plan, follower, checkpoint)

    let writing = clock.now
    var target = target
    (target.axis, target.pixelSize) = (source.axis, source.pixelSize)
    target.pageSpacing = source.pixelSize
    let (receipt, stack) = try target.write(volume, without: margin, follower)
    let hash = try files.add(stack)
    let written = clock.now

    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(receipt, sha256: hash, voxelSize: source.pixelSize),
      geometry: Sidecar.Geometry(self), method: report.method,
      seconds: Sidecar.Seconds(began, computed, writing, written))
    sidecar.inputs = inputs
    (sidecar.settings, sidecar.iterations) = (report.settings, report.iterations)
    if margin > 0 { sidecar.settings["extend"] = .count(margin) }
    sidecar.settings.merge(try optics?.settings(pixelSize: source.pixelSize) ?? [:]) { $1 }
    sidecar.settings["coarseIterations"] = coarseMethod.map { .count($0.iterationLimit) }
    (sidecar.history, sidecar.stopReason) = (report.history, report.stopReason)
    (sidecar.dose, sidecar.noise) = (source.dose, known?.noise)
    (sidecar.start, sidecar.replacement) = (start, source.policy.replacement)
    (sidecar.lambda, sidecar.lambdaChoice) = (report.lambda, report.lambdaChoice)
    sidecar.field = reach.verdict
    let objection =
      method.traits.countBackground != nil ? known?.counts?.objection(to: source.path) : nil
    sidecar.warnings = source.warnings + opticsNotes + [mismatch, objection].compactMap(\.self)
    sidecar.warnings +=
      hasRoom
      ? report.warnings
      : [reach.warning(ofDirect: method.traits.isDirect)].compactMap(\.self)
        + reach.explaining(report)
    try LambdaRecord(report.lambdaChoice)?.add(to: files, beside: target.path)
    sidecar = try files.finish(sidecar)
    checkpoint?.remove()
    return sidecar
  }

  /// The same with a method that knows what the sidecar of the series says of counts.
  private func told(_ counting: Counting?) -> Self {
    guard counting == .whole else { return self }
    var recipe = self
    recipe.method = method.knowingCounts()
    return recipe
  }

  /// Whether the volume goes on beyond the field.
  private var hasRoom: Bool { margin > 0 || (width ?? 0) > source.shape.binCount }

  /// Where the results go, which may be there.
  private func files() throws -> ResultFiles {
    return try target.files(
      against: [source.path] + companions.map(\.path)
        + [start, source.tiltSource.path].compactMap(\.self),
      beside: method.traits.regularisation == .chosen ? LambdaRecord.endings : [])
  }

  private func makeCoarseStart(_ geometry: TiltGeometry) throws -> CoarseStart? {
    try coarseMethod.map {
      try CoarseStart(
        $0, geometry, degrees: source.tilts.map { $0 + tiltOffset }, workers: workers)
    }
  }

  /// Fills a volume in memory with the start at half the resolution.
  private func begin(
    _ measured: any SlabStore, _ volume: any SlabStore, _ geometry: TiltGeometry,
    _ follower: Follower
  ) throws {
    guard let coarse = try makeCoarseStart(geometry) else { return }
    let slabs = 0..<geometry.volume.slabs.slabCount
    try measured.readSlabs(slabs) { series in
      try volume.withSlabs(slabs) { voxels in
        try coarse.fill(&voxels, from: series, monitor: Monitor(isCancelled: follower.isCancelled))
      }
    }
  }

  private func reconstruct(
    _ measured: any SlabStore, into volume: any SlabStore, _ geometry: TiltGeometry,
    _ plan: MemoryPlan, _ follower: Follower, _ checkpoint: Checkpoint?
  ) throws -> ReconstructionReport {
    let monitor = follower.monitor(sliceCount: source.shape.sliceCount)
    guard let method = method as? any SliceWiseMethod else {
      return try reconstructWhole(measured, into: volume, geometry, monitor, checkpoint)
    }
    return try SliceWiseRun(
      method, geometry, slabsPerGroup: plan.slabsPerPass, workers: workers
    )
    .reconstruct(measured, into: volume, monitor: monitor, keeper: checkpoint)
  }

  /// A method that links slices lends itself both fields whole.
  private func reconstructWhole(
    _ measured: any SlabStore, into volume: any SlabStore, _ geometry: TiltGeometry,
    _ monitor: Monitor, _ checkpoint: Checkpoint?
  ) throws -> ReconstructionReport {
    let slabs = 0..<geometry.volume.slabs.slabCount
    return try measured.readSlabs(slabs) { projections in
      let series = TiltSeries(
        projections, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize)
      return try volume.withSlabs(slabs) { voxels in
        var begin: Volume?
        if start != nil { begin = Volume(voxels, shape: geometry.volume) }
        voxels = FloatStorage(zeros: 0)
        let (result, report) = try method.reconstruct(
          series, geometry, from: begin, workers: workers, monitor: monitor, keeper: checkpoint)
        voxels = result.voxels
        return report
      }
    }
  }

  private var isKept: Bool { checkpointInterval != nil || resumes }

  private func store(_ shape: SlabShape, _ plan: MemoryPlan) throws -> any SlabStore {
    plan.isInMemory
      ? try MemoryStore(allocating: shape)
      : try ScratchStore(shape, beside: target.path)
  }

  private func checkStart(_ path: String, _ shape: VolumeShape) throws {
    guard method.traits.acceptsStart else { throw ReconstructionError.startNotUsed(method.name) }
    let found = try StackReader(path: path).info.shape
    let map = PageMap(shape.slabs, axis: source.axis)
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
  }
}

extension Sidecar.Geometry {
  init(_ recipe: ReconstructionRecipe) {
    let used = recipe.source.tilts.map { $0 + recipe.tiltOffset }
    self.init(
      used, axis: recipe.source.axis.rawValue, axisOffset: recipe.axisOffset,
      zOffset: recipe.zOffset, tiltOffset: recipe.tiltOffset, flipTilts: recipe.source.flipsTilts)
  }
}
