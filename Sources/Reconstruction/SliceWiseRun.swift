public import Fields
public import Projection

/// Runs a slice-wise method over groups of slabs.
///
/// With a fixed number of iterations each group is finished before the next one is read. With a stop
/// rule all groups advance together, since the rule looks at all slices; then they are lent and put
/// back in each iteration. Neither the size of a group nor the number of workers changes a bit of
/// the result.
public struct SliceWiseRun {
  private let method: any SliceWiseMethod
  private let geometry: TiltGeometry
  private let groups: [Range<Int>]
  private let workers: Workers

  public init(
    _ method: any SliceWiseMethod, _ geometry: TiltGeometry, slabsPerGroup: Int, workers: Workers
  ) {
    precondition(slabsPerGroup > 0, "a group has at least one slab")
    (self.method, self.geometry, self.workers) = (method, geometry, workers)
    let slabCount = geometry.volume.slabs.slabCount
    groups = stride(from: 0, to: slabCount, by: slabsPerGroup).map {
      $0..<min(slabCount, $0 + slabsPerGroup)
    }
  }

  /// Reconstructs `measured`, starting from and overwriting `volume`.
  ///
  /// - Throws: ``ReconstructionError/interrupted``, or what the stores or the method throw.
  public func reconstruct(
    _ measured: some SlabStore, into volume: some SlabStore, monitor: Monitor = .silent
  ) throws -> ReconstructionReport {
    precondition(measured.shape == geometry.series.slabs && volume.shape == geometry.volume.slabs)
    var record = Record(limit: method.iterationLimit, valueCount: measured.shape.valueCount)
    for group in groups {
      try measured.readSlabs(group) { field in
        record.measuredSquares += squares(field, measured.shape.group(group))
      }
    }
    let stop =
      method.stopRule.isActive && groups.count > 1
      ? try advanceTogether(measured, volume, &record, monitor)
      : try finishEachGroup(measured, volume, &record, monitor)
    return ReconstructionReport(
      method: method.name, settings: method.settings, iterations: record.iterations,
      history: record.history, stopReason: stop ?? (record.isEmpty ? .direct : .iterationLimit))
  }

  private func finishEachGroup(
    _ measured: some SlabStore, _ volume: some SlabStore, _ record: inout Record,
    _ monitor: Monitor
  ) throws -> StopReason? {
    var reason: StopReason?
    for (index, group) in groups.enumerated() {
      var pass = try method.makePass(geometry.group(group), workers: workers)
      try measured.readSlabs(group) { field in
        try volume.withSlabs(group) { x in
          for iteration in 1...method.iterationLimit {
            guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
            record.add(pass.refine(&x, to: field), iteration: iteration)
            report(
              iteration, Double(index) + Double(iteration) / Double(method.iterationLimit), monitor)
            if groups.count == 1, let stop = method.stopRule.decide(record.entry(iteration)) {
              reason = stop
              break
            }
          }
        }
      }
    }
    return reason
  }

  private func advanceTogether(
    _ measured: some SlabStore, _ volume: some SlabStore, _ record: inout Record,
    _ monitor: Monitor
  ) throws -> StopReason? {
    var passes: [Int: any SlicePass] = [:]
    for iteration in 1...method.iterationLimit {
      for (index, group) in groups.enumerated() {
        guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
        // The last group may hold fewer slices than the others, and then has a pass of its own.
        let part = geometry.group(group)
        var pass =
          try passes.removeValue(forKey: part.volume.sliceCount)
          ?? method.makePass(part, workers: workers)
        try measured.readSlabs(group) { field in
          try volume.withSlabs(group) { x in
            record.add(pass.refine(&x, to: field), iteration: iteration)
          }
        }
        passes[part.volume.sliceCount] = pass
        let done = Double(iteration - 1) + Double(index + 1) / Double(groups.count)
        report(
          iteration, done * Double(groups.count) / Double(method.iterationLimit), monitor)
      }
      if let stop = method.stopRule.decide(record.entry(iteration)) { return stop }
    }
    return nil
  }

  private func report(_ iteration: Int, _ groupsDone: Double, _ monitor: Monitor) {
    monitor.onProgress(
      Monitor.Progress(
        iteration: iteration, iterationLimit: method.iterationLimit,
        fraction: groupsDone / Double(groups.count)))
  }

  /// `‖y‖²` of each true slice.
  private func squares(_ field: FloatStorage, _ shape: SlabShape) -> [Double] {
    let perSlab = workers.results(shape.slabCount) { slab in
      var lanes = [Double](repeating: 0, count: shape.laneCount)
      let values = field.span
      var i = slab * shape.slabLength
      for _ in 0..<shape.runCount {
        for lane in 0..<shape.laneCount {
          let value = Double(values[i + lane])
          lanes[lane] += value * value
        }
        i += shape.laneCount
      }
      return Array(lanes.prefix(shape.slices(of: slab).count))
    }
    return perSlab.flatMap(\.self)
  }
}

/// Sums of each iteration, gathered slice by slice and added up in slice order.
private struct Record {
  let valueCount: Int
  var measuredSquares: [Double] = []
  private var sums: [IterationSums?]

  init(limit: Int, valueCount: Int) {
    self.valueCount = valueCount
    sums = Array(repeating: nil, count: limit)
  }

  mutating func add(_ group: IterationSums?, iteration: Int) {
    guard let group else { return }
    guard sums[iteration - 1] != nil else {
      sums[iteration - 1] = group
      return
    }
    sums[iteration - 1]?.residual += group.residual
    sums[iteration - 1]?.change += group.change
    sums[iteration - 1]?.norm += group.norm
  }

  /// Whether the method left nothing to record: it is a direct one.
  var isEmpty: Bool { sums[0] == nil }
  var iterations: Int { max(1, sums.prefix { $0 != nil }.count) }
  var history: [HistoryEntry] {
    sums.prefix { $0 != nil }.indices.map { entry($0 + 1) }
  }

  func entry(_ iteration: Int) -> HistoryEntry {
    guard let sums = sums[iteration - 1] else {
      return HistoryEntry(iteration: iteration, misfit: nil, residual: nil, relativeChange: nil)
    }
    let residual = sums.residual.reduce(0, +)
    let (measured, norm) = (measuredSquares.reduce(0, +), sums.norm.reduce(0, +))
    return HistoryEntry(
      iteration: iteration,
      misfit: measured > 0 ? (residual / measured).squareRoot() : nil,
      residual: (residual / Double(valueCount)).squareRoot(),
      relativeChange: norm > 0 ? (sums.change.reduce(0, +) / norm).squareRoot() : nil)
  }
}
