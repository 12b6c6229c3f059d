import Fields

/// How far what is written departs from what was counted, background included: `(predicted − counted) / counted`.
package struct CountBias: Sendable, Codable, Hashable {
  /// Over all pixels.
  package let all: Double
  /// Over the brightest pixels, which hold about a quarter of the counts, and over the faintest; 0 where a map holds too
  /// few counts for classes.
  package let brightest: Double
  package let faintest: Double
  /// The standard error of ``brightest`` and ``faintest``.
  package let error: Double
}

/// A map as it is written, against its measurement.
package struct WrittenFit: Sendable, Codable, Hashable {
  package let consistency: Consistency
  package let bias: CountBias
}

extension FusionProblem {
  func writtenFit(_ x: borrowing FloatStorage, _ e: Int) -> WrittenFit {
    let classes = countClasses(x, e)
    func bias(_ some: CountClass?) -> Double {
      guard let some, some.counted != 0 else { return 0 }
      return (some.predicted - some.counted) / abs(some.counted)
    }
    let whole = classes.reduce(into: CountClass()) { $0 += $1 }
    let error = classes.last.map { deviation(of: $0, e) / max(abs($0.counted), 1e-30) }
    return WrittenFit(
      consistency: mapConsistency(x, e),
      bias: CountBias(
        all: bias(whole), brightest: bias(classes.last), faintest: bias(classes.first),
        error: error ?? 0))
  }
}
