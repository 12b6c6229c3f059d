package import Fields

/// Where a run that holds all its fields in memory stands between two iterations.
package struct WholeRunState {
  package var history: [HistoryEntry]
  /// Numbers that the method carries beside its fields.
  package var numbers: [[Double]]
  package var fields: [FloatStorage]

  package init(
    history: [HistoryEntry] = [], numbers: [[Double]] = [], fields: [FloatStorage] = []
  ) {
    (self.history, self.numbers, self.fields) = (history, numbers, fields)
  }
}

extension RunKeeper {
  /// Keeps `state` where it is due, or where the run is to end.
  ///
  /// - Throws: ``ReconstructionError/interrupted`` where the run is to end.
  package func keep(_ state: WholeRunState, _ monitor: Monitor) throws {
    let isOver = monitor.isCancelled()
    let iteration = state.history.count
    guard isOver || iteration > 0 && iteration.isMultiple(of: interval) else { return }
    let point = RunPoint(
      refinements: iteration, sums: [],
      numbers: state.history.map(\.numbers) + state.numbers)
    let floatCount = state.fields.reduce(0) { $0 + $1.count }
    try keep(point, floatCount: floatCount) { put in
      for field in state.fields { try put(field.span) }
    }
    if isOver { throw ReconstructionError.interrupted }
  }

  /// Puts `state`, which has fields of the right lengths, where the run was kept.
  ///
  /// - Returns: whether there was such a point.
  package func restore(_ state: inout WholeRunState) throws -> Bool {
    guard let point else { return false }
    var start = 0
    for i in state.fields.indices {
      var values = state.fields[i].mutableSpan
      try read(into: &values, from: start)
      start += values.count
    }
    state.history = point.numbers.prefix(point.refinements).enumerated().map { index, numbers in
      HistoryEntry(iteration: index + 1, numbers)
    }
    state.numbers = Array(point.numbers.dropFirst(point.refinements))
    return true
  }
}

extension HistoryEntry {
  /// NaN stands for what is not known.
  fileprivate var numbers: [Double] {
    [misfit, residual, relativeChange, objective].map { $0 ?? .nan }
  }

  fileprivate init(iteration: Int, _ numbers: [Double]) {
    let known = numbers.map { $0.isNaN ? nil : $0 } + [nil, nil, nil, nil]
    self.init(
      iteration: iteration, misfit: known[0], residual: known[1], relativeChange: known[2],
      objective: known[3])
  }
}
