import Statistics

extension Spectrum {
  /// The value g that one count has, so that the variance of a channel of mean m is `g m`: 1 of whole numbers.
  ///
  /// Of other values, such as normalised ones, fourth differences tell it, which a smooth spectrum hardly has:
  ///
  ///     g = median e² / (70 · 0.4549 m̄),   e = c₋₂ − 4c₋₁ + 6c₀ − 4c₁ + c₂
  ///
  /// with the mean m̄ of the five channels, where it is above 0; 70 is the sum of the squared weights and 0.4549 the median
  /// of χ² with one degree of freedom. At least 10⁻¹² of the mean channel. Smoothed spectra show less noise than they have.
  package var valueOfACount: Double {
    if counts.allSatisfy({ $0 == $0.rounded() }) { return 1 }
    let shares = (2..<count - 2).compactMap { i -> Double? in
      let near = counts[i - 2...i + 2]
      let mean = near.reduce(0, +) / 5
      guard mean > 0 else { return nil }
      let e =
        counts[i - 2] - 4 * counts[i - 1] + 6 * counts[i] - 4 * counts[i + 1] + counts[i + 2]
      return e * e / mean
    }
    let least = 1e-12 * counts.reduce(0) { $0 + abs($1) } / Double(count)
    guard !shares.isEmpty else { return least }
    return max(least, upperMedian(shares) / (70 * medianOfSquare))
  }
}
