package import Fields
import Statistics

/// Noise whose variance grows with brightness, as that of counts does: `σ²(p) = offset + gain · p`.
///
/// At some 4 000 places of each projection, d = (N ∗ p)/6 with N = [1 −2 1; −2 4 −2; 1 −2 1] is
/// compared with m, the mean of the 3 × 3 pixels. Where the object is smooth the variance of d is that of
/// the noise; for Poisson counts even given m, however few they are, since counts of a given sum are multinomial.
/// The places are sorted into equal steps of m. In each, the median of |d| gives a first σ; edges, which lie beyond
/// 3 σ, are left out and the rest is measured again until that settles. A straight line goes through
/// the steps by the median of the slopes between all pairs of them (Theil and Sen). Where bright places hold
/// fewer than five counts, `Σ d² / Σ m` is the gain.
///
/// - Reference: J. Immerkær, Comput. Vis. Image Underst. 64, 300 (1996).
package struct CountingNoise: Sendable, Codable, Hashable {
  /// The variance at p = 0; below 0 where counts stand on a level.
  package let offset: Double
  /// Variance per unit of brightness: the value that one count has.
  package let gain: Double

  package init(offset: Double, gain: Double) { (self.offset, self.gain) = (offset, gain) }

  /// - Returns: `nil` where the series does not show such noise.
  package init?(measuring series: TiltSeries, workers: Workers = .all) {
    guard let places = Self.places(of: series, workers: workers) else { return nil }
    let line = Self.line(places)
    if let few = Self.fewCounts(places, line) {
      self = few
    } else if let line {
      self = line
    } else {
      return nil
    }
  }

  /// σ at the darkest quarter of the places over that of all of them; `nil` for too few places.
  ///
  /// Near 1 for noise that is alike everywhere, and far below for counts beside a silent vacuum, whose σ second differences then
  /// measure too low, too.
  static func darkShare(of series: TiltSeries, workers: Workers) -> Double? {
    guard let places = Self.places(of: series, workers: workers) else { return nil }
    let whole = variance(places)
    guard whole > 0 else { return nil }
    return (variance(Array(places.prefix(places.count / 4))) / whole).squareRoot()
  }

  /// A straight line that explains at least half of the variance at its bright end.
  private static func line(_ places: [SecondDifference]) -> CountingNoise? {
    let points = steps(places)
    guard points.count >= 4, let dark = points.first, let bright = points.last else { return nil }
    let slopes = points.indices.flatMap { i in
      points[(i + 1)...].map { ($0.variance - points[i].variance) / ($0.mean - points[i].mean) }
    }
    let gain = upperMedian(slopes)
    let offset = upperMedian(points.map { $0.variance - gain * $0.mean })
    let explained = gain * (bright.mean - dark.mean)
    guard gain > 0, explained > (offset + gain * bright.mean) / 2 else { return nil }
    return CountingNoise(offset: offset, gain: gain)
  }

  /// `Σ d² / Σ m` over all places, where even bright ones hold so few counts that no edge shows beside their noise.
  ///
  /// - Parameter line: through the origin, where there is one; else most places must hold no count.
  private static func fewCounts(_ places: [SecondDifference], _ line: CountingNoise?)
    -> CountingNoise?
  {
    let bright = Double(places[places.count - 1 - places.count / 1000].mean)
    guard places[0].mean >= 0, bright > 0 else { return nil }
    let (sum, squares) = places.reduce((0.0, 0.0)) {
      ($0.0 + Double($1.mean), $0.1 + Double($1.value) * Double($1.value))
    }
    let gain = squares / sum
    let isThroughZero =
      line.map { abs($0.offset) < 0.1 * $0.gain * bright } ?? (places[places.count / 2].mean == 0)
    guard gain > 0, bright < 5 * gain, isThroughZero else { return nil }
    return CountingNoise(offset: 0, gain: gain)
  }

  private static let fewest = 50
  private static let mostSteps = 24

  /// By brightness; `nil` where there are too few.
  private static func places(of series: TiltSeries, workers: Workers) -> [SecondDifference]? {
    let shape = series.shape
    let places = workers.results(shape.tiltCount) { tilt in
      SecondDifference.sample(rowCount: shape.sliceCount, columnCount: shape.binCount) {
        series[tilt, $0, $1]
      }
    }.flatMap(\.self).sorted { ($0.mean, abs($0.value)) < ($1.mean, abs($1.value)) }
    return places.count >= 4 * fewest ? places : nil
  }

  /// The mean and the variance of each step of brightness, ascending.
  private static func steps(_ places: [SecondDifference]) -> [(mean: Double, variance: Double)] {
    let (low, high) = (
      places[places.count / 1000].mean, places[places.count - 1 - places.count / 1000].mean
    )
    guard high > low else { return [] }
    let count = min(mostSteps, max(6, places.count / (4 * fewest)))
    var steps = [[SecondDifference]](repeating: [], count: count)
    for place in places where place.mean >= low && place.mean <= high {
      steps[min(count - 1, Int((place.mean - low) / (high - low) * Float(count)))].append(place)
    }
    return steps.filter { $0.count >= fewest }.map { step in
      let mean = step.reduce(0.0) { $0 + Double($1.mean) } / Double(step.count)
      return (mean, variance(step))
    }
  }

  private static func variance(_ places: [SecondDifference]) -> Double {
    let level = SecondDifference.deviation(
      places.map { abs($0.value) }.sorted(), isSparse: true)
    return level * level
  }
}
