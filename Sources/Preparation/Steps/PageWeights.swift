/// How much the pages of a prepared series are to be trusted, one number a page, as 1/variance would tell.
///
/// A page that a step multiplies by f has f² times the variance, so its weight becomes `w / Π f²`.
package struct PageWeights: Sendable, Hashable {
  /// One a page that is kept.
  package let values: [Double]

  /// - Parameter raw: one a page of the raw series.
  /// - Parameter chosen: the pages that are kept, from 0.
  /// - Throws: ``PreparationError`` where a number is missing, below 0 or not finite, or all are 0.
  package init(_ raw: [Double], of pages: Int, chosen: [Int], steps: [any PreparationStep])
    throws(PreparationError)
  {
    guard raw.count == pages else { throw .weightCount(raw.count, pages: pages) }
    for (index, value) in raw.enumerated() where !(value >= 0 && value.isFinite) {
      throw .weight(index: index + 1, value: value)
    }
    guard chosen.contains(where: { raw[$0] > 0 }) else { throw .weight(index: 1, value: 0) }
    values = chosen.indices.map { index in
      steps.reduce(raw[chosen[index]]) { weight, step in
        step.factors.isEmpty ? weight : weight / (step.factors[index] * step.factors[index])
      }
    }
  }

  /// Of pages that hold line integrals of counts, with a mean of 1; where they were scaled by f before the logarithm, there
  /// is one count in f, and afterwards the line integral is scaled:
  ///
  ///     w = 1 / ⟨1/I⟩ / Π f (before) / Π f² (after)
  ///
  /// - Returns: `nil` where no step takes a logarithm.
  package init?(counts steps: [any PreparationStep]) {
    guard let logarithm = steps.firstIndex(where: { !$0.precisions.isEmpty }) else { return nil }
    let precisions = steps[logarithm].precisions
    let weights = precisions.indices.map { index in
      steps.enumerated().reduce(precisions[index]) { weight, step in
        guard !step.element.factors.isEmpty else { return weight }
        let factor = step.element.factors[index]
        return weight / (step.offset < logarithm ? factor : factor * factor)
      }
    }
    let mean = weights.reduce(0, +) / Double(weights.count)
    values = weights.map { $0 / mean }
  }
}
