package import Fields
package import Projection

/// Runs a slice-wise method over groups of slabs.
///
/// With a fixed number of iterations each group is finished before the next one is read. With a stop
/// rule all groups advance together, since the rule looks at all slices; then they are lent and put
/// back in each iteration. Neither the size of a group nor the number of workers changes a bit of
/// the result.
package struct SliceWiseRun {
  private let method: any SliceWiseMethod
  private let geometry: TiltGeometry
  private let groups: [Range<Int>]
  private let workers: Workers

  package init(
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
  /// - Parameter keeper: where the run goes on, and is kept on its way and when it is interrupted.
  /// - Throws: ``ReconstructionError/interrupted``, or what the stores or the method throw.
  package func reconstruct(
    _ measured: some SlabStore, into volume: some SlabStore, monitor: Monitor = .silent,
    keeper: (any RunKeeper)? = nil
  ) throws -> ReconstructionReport {
    precondition(measured.shape == geometry.series.slabs && volume.shape == geometry.volume.slabs)
    var record = Record(keeper?.point)
    for group in groups {
      try measured.readSlabs(group) { field in
        record.measured.add(field, measured.shape.group(group), workers: workers)
      }
    }
    try method.admit(record.measured)
    if keeper?.point != nil { try keeper?.restore(volume, groups: groups) }
    let stop =
      method.stopRule.isActive && groups.count > 1
      ? try advanceTogether(measured, volume, &record, monitor, keeper)
      : try finishEachGroup(measured, volume, &record, monitor, keeper)
    return ReconstructionReport(
      method: method, iterations: record.iterations, history: record.history,
      stopReason: stop ?? (record.isEmpty ? .direct : .iterationLimit))
  }

  private func finishEachGroup(
    _ measured: some SlabStore, _ volume: some SlabStore, _ record: inout Record,
    _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> StopReason? {
    var reason: StopReason?
    let limit = method.iterationLimit
    for (index, group) in groups.enumerated() where record.refinements < (index + 1) * limit {
      let behind = record.refinements - index * limit
      let part = geometry.group(group)
      var pass = try method.makePass(part, workers: workers)
      if behind > 0 { try keeper?.restore(&pass, part.volume, after: volume.shape) }
      try measured.readSlabs(group) { field in
        try volume.withSlabs(group) { x in
          for iteration in behind + 1...limit {
            guard !monitor.isCancelled() else {
              try keeper?.keep(
                record, pass, volume, groups: groups, lent: LentSlabs(slabs: group, field: x))
              throw ReconstructionError.interrupted
            }
            pass.turn(to: PassPlace(iteration: iteration, slabs: group))
            record.add(pass.refine(&x, to: field), iteration: iteration)
            report(iteration, Double(index) + Double(iteration) / Double(limit), monitor)
            if groups.count == 1, let stop = method.stopRule.decide(record.entry(iteration)) {
              reason = stop
              break
            }
            if let keeper, iteration.isMultiple(of: keeper.interval) {
              try keeper.keep(
                record, pass, volume, groups: groups, lent: LentSlabs(slabs: group, field: x))
            }
          }
        }
      }
    }
    return reason
  }

  /// Only methods whose passes carry nothing have a stop rule.
  private func advanceTogether(
    _ measured: some SlabStore, _ volume: some SlabStore, _ record: inout Record,
    _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> StopReason? {
    var passes: [Int: any SlicePass] = [:]
    for iteration in 1...method.iterationLimit {
      let behind = record.refinements - (iteration - 1) * groups.count
      for (index, group) in groups.enumerated() where index >= behind {
        guard !monitor.isCancelled() else {
          try keeper?.keep(record, nil, volume, groups: groups)
          throw ReconstructionError.interrupted
        }
        // The last group may hold fewer slices than the others, and then has a pass of its own.
        let part = geometry.group(group)
        var pass =
          try passes.removeValue(forKey: part.volume.sliceCount)
          ?? method.makePass(part, workers: workers)
        try measured.readSlabs(group) { field in
          try volume.withSlabs(group) { x in
            pass.turn(to: PassPlace(iteration: iteration, slabs: group))
            record.add(pass.refine(&x, to: field), iteration: iteration)
          }
        }
        passes[part.volume.sliceCount] = pass
        let done = Double(iteration - 1) + Double(index + 1) / Double(groups.count)
        report(
          iteration, done * Double(groups.count) / Double(method.iterationLimit), monitor)
      }
      guard behind < groups.count else { continue }
      if let stop = method.stopRule.decide(record.entry(iteration)) { return stop }
      if let keeper, iteration.isMultiple(of: keeper.interval) {
        try keeper.keep(record, nil, volume, groups: groups)
      }
    }
    return nil
  }

  private func report(_ iteration: Int, _ groupsDone: Double, _ monitor: Monitor) {
    monitor.onProgress(
      Monitor.Progress(
        iteration: iteration, iterationLimit: method.iterationLimit,
        fraction: groupsDone / Double(groups.count)))
  }
}

/// Sums of each iteration, gathered slice by slice and added up in slice order.
struct Record {
  var measured = MeasurementCensus()
  private(set) var refinements: Int
  /// Of the iterations that were begun; empty for a direct method.
  private(set) var sums: [IterationSums]

  /// - Parameter point: where the run goes on.
  init(_ point: RunPoint?) {
    (refinements, sums) = (point?.refinements ?? 0, point?.sums ?? [])
  }

  mutating func add(_ group: IterationSums?, iteration: Int) {
    refinements += 1
    guard let group else { return }
    guard iteration <= sums.count else { return sums.append(group) }
    sums[iteration - 1].residual += group.residual
    sums[iteration - 1].change += group.change
    sums[iteration - 1].norm += group.norm
  }

  /// Whether the method left nothing to record: it is a direct one.
  var isEmpty: Bool { sums.isEmpty }
  var iterations: Int { max(1, sums.count) }
  var history: [HistoryEntry] { sums.indices.map { entry($0 + 1) } }

  func entry(_ iteration: Int) -> HistoryEntry {
    guard iteration <= sums.count else {
      return HistoryEntry(iteration: iteration, misfit: nil, residual: nil, relativeChange: nil)
    }
    return HistoryEntry(iteration: iteration, sums[iteration - 1], of: measured)
  }
}
