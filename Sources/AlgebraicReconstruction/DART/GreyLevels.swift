import Fields

/// The values that the voxels of a discrete object have.
public enum GreyLevels: Sendable, Hashable {
  /// Two to five, ascending, in the units of the volume.
  case given([Double])
  /// So many, estimated from the series.
  case estimated(Int)

  /// How many.
  public var count: Int {
    switch self {
    case .given(let values): values.count
    case .estimated(let count): count
    }
  }

  /// - Throws: ``AlgebraicError/levelCount(_:)`` unless there are 2 to 5, ``AlgebraicError/levels`` unless they ascend.
  func validate() throws(AlgebraicError) {
    guard 2...5 ~= count else { throw .levelCount(count) }
    guard case .given(let values) = self else { return }
    guard values.allSatisfy(\.isFinite), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw .levels(values) }
  }
}

/// Known levels, and the thresholds midway between them.
struct LevelScale: Sendable, Equatable {
  let values: [Double]

  private var thresholds: [Float] {
    zip(values, values.dropFirst()).map { Float(($0 + $1) / 2) }
  }

  /// Of all levels.
  var meanStep: Double {
    ((values.last ?? 0) - (values.first ?? 0)) / Double(max(1, values.count - 1))
  }

  /// `s ←` the level nearest to each `x`.
  func segment(
    _ x: FloatStorage, into s: inout FloatStorage, _ shape: SlabShape, _ workers: Workers
  ) {
    workers.forEachSlab(of: s.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      segment(
        x.span.extracting(page * shape.pageLength..<(page + 1) * shape.pageLength), into: &values,
        laneCount: shape.laneCount, lanes: shape.slices(of: page / shape.pageCount).count)
    }
  }

  /// One page; padding lanes become zero.
  private func segment(
    _ x: Span<Float>, into s: inout MutableSpan<Float>, laneCount: Int, lanes: Int
  ) {
    precondition(x.count == s.count)
    let (levels, thresholds) = (values.map(Float.init), thresholds)
    for i in x.indices { s[i] = levels[0] }
    for (threshold, level) in zip(thresholds, levels.dropFirst()) {
      for i in x.indices {
        let value = unsafe s[unchecked: i]
        unsafe s[unchecked: i] = x[unchecked: i] > threshold ? level : value
      }
    }
    guard lanes < laneCount else { return }
    for run in stride(from: 0, to: s.count, by: laneCount) {
      for lane in lanes..<laneCount { s[run + lane] = 0 }
    }
  }
}
