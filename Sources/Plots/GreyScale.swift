/// Which values are drawn black and white.
package enum GreyScale: Sendable, Hashable {
  /// Per cent of the finite values that are below black and below white.
  case percentiles(Double, Double)
  case limits(ClosedRange<Float>)

  /// The 0.5th and the 99.5th percentile, so that few bright pixels do not darken the rest.
  package static let standard = GreyScale.percentiles(0.5, 99.5)

  /// The limits for `values`. Percentiles are the nearest ranks.
  package func limits(for values: Span<Float>) -> ClosedRange<Float> {
    switch self {
    case .limits(let limits): return limits
    case .percentiles(let low, let high):
      precondition(0 <= low && low <= high && high <= 100, "percentiles lie between 0 and 100")
      var sorted: [Float] = []
      sorted.reserveCapacity(values.count)
      for i in values.indices where values[i].isFinite { sorted.append(values[i]) }
      guard !sorted.isEmpty else { return 0...0 }
      sorted.sort()
      let rank = { (percent: Double) in Int((percent / 100 * Double(sorted.count - 1)).rounded()) }
      return sorted[rank(low)]...sorted[rank(high)]
    }
  }
}
