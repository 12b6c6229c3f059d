public import Fields
import Inversion
public import Projection
public import Reconstruction

/// The discrete algebraic reconstruction technique: a volume whose voxels have one of a few grey levels.
///
/// It begins with a reconstruction by ``updates``. Each iteration then gives every voxel the level nearest to it, `s`, and frees the
/// voxels U that have a neighbour of another level, and a random share of the others. Those alone move, by
///
///     x_U ← updates of  ‖(y − H s_F) − H x_U‖,      F: the voxels that are not free,
///
/// and are smoothed, `x ← (1 − b) x + b · (mean of the neighbours)`. The result is `s`.
///
/// Where the levels are estimated, they are the least-squares fit of `Σ ρ_k H 1_k` to the series every few iterations, with `1_k` the
/// voxels of level k, beginning with k-means of the first reconstruction.
///
/// What the levels do not explain is looked for afterwards (`ReconstructionReport`): an object that is not discrete comes out with
/// levels all the same.
///
/// Cost: O(voxels × tilts × inner iterations) an iteration. Memory: five volumes, two copies of the series, one for each level and that of ``updates``.
///
/// - References: K. J. Batenburg and J. Sijbers, IEEE Trans. Image Process. 20, 2542 (2011); W. van Aarle, K. J. Batenburg and J. Sijbers,
///   IEEE Trans. Image Process. 21, 4608 (2012) for levels from projections.
public struct DART: ReconstructionMethod {
  public let levels: GreyLevels
  /// What moves the free voxels, and makes the first reconstruction.
  public let updates: DiscreteUpdates
  public let iterationLimit: Int
  public let schedule: DiscreteSchedule
  /// The standard deviation of a measurement, with which the result is compared; `nil` estimates it.
  package let noise: Double?
  package var measuresCounts = false
  /// Whether the result is compared with the continuous reconstruction.
  var isChecked = true

  /// - Parameters:
  ///   - levels: given, or how many there are.
  ///   - updates: SIRT with `x ≥ 0` unless set otherwise.
  ///   - iterations: segmentations, 50 by default.
  ///   - noise: to compare the result with; `nil` estimates it.
  /// - Throws: ``AlgebraicError`` where a setting cannot work, or a level lies beyond the bounds of ``updates``.
  public init(
    levels: GreyLevels, updates: DiscreteUpdates? = nil, iterations: Int = 50,
    schedule: DiscreteSchedule = .standard, noise: Double? = nil
  ) throws {
    guard iterations > 0 else { throw ReconstructionError.iterations(iterations) }
    try levels.validate()
    if let noise, !(noise > 0 && noise.isFinite) { throw AlgebraicError.noise(noise) }
    self.updates = try updates ?? .sirt(SIRT(isNonNegative: true))
    let constraint = self.updates.method.constraint
    guard constraint.support == nil else { throw AlgebraicError.maskedLevels }
    if case .given(let values) = levels {
      for level in values
      where !(constraint.lower...constraint.upper).contains(Float(level)) {
        throw AlgebraicError.levelOutOfBounds(level)
      }
    }
    (self.levels, iterationLimit, self.schedule, self.noise) = (levels, iterations, schedule, noise)
  }

  public var name: String { "dart" }
  public var traits: MethodTraits {
    var traits = MethodTraits(regularisation: .fixed, isResumable: true)
    traits.projectionsPerIteration = schedule.innerIterations + 1
    return traits
  }

  /// - Throws: `ReconstructionError` or ``AlgebraicError``.
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
    try updates.check(geometry)
    var volume = try Volume(start: start, for: geometry, pixelSize: series.pixelSize)
    let census = MeasurementCensus(series, workers: workers)
    var run = DiscreteRun(self, geometry, series.projections, workers)
    var history: [HistoryEntry] = []
    if let keeper {
      var kept = WholeRunState(fields: [volume.voxels])
      if try keeper.restore(&kept), !kept.history.isEmpty {
        (history, volume.voxels) = (kept.history, kept.fields[0])
        try run.carry(on: kept.numbers)
      }
    }
    func keep(_ x: FloatStorage, _ numbers: [[Double]]) throws {
      try keeper?.keep(WholeRunState(history: history, numbers: numbers, fields: [x]), monitor)
      guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
    }
    if history.isEmpty {
      try run.begin(&volume.voxels) { try keep($0, []) }
    }
    while history.count < iterationLimit {
      try keep(volume.voxels, run.carried)
      let sums = run.iterate(&volume.voxels, history.count + 1)
      history.append(HistoryEntry(iteration: history.count + 1, sums, of: census))
      monitor.report(history.count, of: iterationLimit)
    }
    volume.voxels = run.segmented
    let verdict = try DiscreteVerdict(&run, series, geometry, workers, monitor)
    return (
      volume,
      ReconstructionReport(
        method: self, found: verdict.found, iterations: history.count, history: history,
        stopReason: .iterationLimit, warnings: verdict.warnings)
    )
  }

  public func memory(for geometry: TiltGeometry, workers: Workers) -> Int {
    // The result is compared with a run on a few slices, while its own fields are held.
    let part = geometry.group(0..<TrialSlabs.count(geometry.volume.slabs))
    return runMemory(geometry, workers) + runMemory(part, workers)
      + 4 * (part.volume.slabs.count + 2 * part.series.slabs.count)
  }

  private func runMemory(_ geometry: TiltGeometry, _ workers: Workers) -> Int {
    let (volume, series) = (geometry.volume.slabs, geometry.series.slabs)
    let method = updates.method
    let held = method.slabsPerWorker * min(workers.count, volume.slabCount) * volume.slabLength
    let seriesCount = 2 + method.seriesCopies + levels.count
    return 4 * (5 * volume.count + seriesCount * series.count + held)
  }
}
