public import Fields

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
public struct CountingNoise: Sendable, Codable, Hashable {
  /// The variance at p = 0; below 0 where counts stand on a level.
  public let offset: Double
  /// Variance per unit of brightness: the value that one count has.
  public let gain: Double

  public init(offset: Double, gain: Double) { (self.offset, self.gain) = (offset, gain) }

  /// - Returns: `nil` where the series does not show such noise.
  public init?(measuring series: TiltSeries, workers: Workers = .all) {
    let shape = series.shape
    guard shape.binCount >= 3, shape.sliceCount >= 3 else { return nil }
    let places = workers.results(shape.tiltCount) { Self.places(of: series, tilt: $0) }
      .flatMap(\.self).sorted { ($0.mean, $0.difference) < ($1.mean, $1.difference) }
    guard places.count >= 4 * Self.fewest else { return nil }
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
    let shape = series.shape
    guard shape.binCount >= 3, shape.sliceCount >= 3 else { return nil }
    let places = workers.results(shape.tiltCount) { Self.places(of: series, tilt: $0) }
      .flatMap(\.self).sorted { ($0.mean, $0.difference) < ($1.mean, $1.difference) }
    guard places.count >= 4 * Self.fewest else { return nil }
    let differences = { (places: ArraySlice<Place>) in places.map { Double($0.difference) }.sorted()
    }
    let whole = variance(differences(places[...]))
    guard whole > 0 else { return nil }
    return (variance(differences(places.prefix(places.count / 4))) / whole).squareRoot()
  }

  /// A straight line that explains at least half of the variance at its bright end.
  private static func line(_ places: [Place]) -> CountingNoise? {
    let points = steps(places)
    guard points.count >= 4, let dark = points.first, let bright = points.last else { return nil }
    let slopes = points.indices.flatMap { i in
      points[(i + 1)...].map { ($0.variance - points[i].variance) / ($0.mean - points[i].mean) }
    }
    let gain = median(slopes)
    let offset = median(points.map { $0.variance - gain * $0.mean })
    let explained = gain * (bright.mean - dark.mean)
    guard gain > 0, explained > (offset + gain * bright.mean) / 2 else { return nil }
    return CountingNoise(offset: offset, gain: gain)
  }

  /// `Σ d² / Σ m` over all places, where even bright ones hold so few counts that no edge shows beside their noise.
  ///
  /// - Parameter line: through the origin, where there is one; else most places must hold no count.
  private static func fewCounts(_ places: [Place], _ line: CountingNoise?) -> CountingNoise? {
    let bright = Double(places[places.count - 1 - places.count / 1000].mean)
    guard places[0].mean >= 0, bright > 0 else { return nil }
    let (sum, squares) = places.reduce((0.0, 0.0)) {
      ($0.0 + Double($1.mean), $0.1 + Double($1.difference) * Double($1.difference))
    }
    let gain = squares / sum
    let isThroughZero =
      line.map { abs($0.offset) < 0.1 * $0.gain * bright } ?? (places[places.count / 2].mean == 0)
    guard gain > 0, bright < 5 * gain, isThroughZero else { return nil }
    return CountingNoise(offset: 0, gain: gain)
  }

  private struct Place { let mean: Float, difference: Float }
  private static let fewest = 50
  private static let mostSteps = 24

  private static func places(of series: TiltSeries, tilt: Int) -> [Place] {
    let (columns, rows) = (series.shape.binCount - 2, series.shape.sliceCount - 2)
    var step = max(1, rows * columns / 4_096)
    while step > 1 && columns.isMultiple(of: step) { step += 1 }
    return stride(from: 0, to: rows * columns, by: step).map { place in
      let (slice, bin) = (place / columns + 1, place % columns + 1)
      var (edges, corners) = (Float(0), Float(0))
      for i in [-1, 1] {
        edges += series[tilt, slice + i, bin] + series[tilt, slice, bin + i]
        corners += series[tilt, slice + i, bin - 1] + series[tilt, slice + i, bin + 1]
      }
      let centre = series[tilt, slice, bin]
      return Place(
        mean: (centre + edges + corners) / 9,
        difference: abs(corners - 2 * edges + 4 * centre) / 6)
    }
  }

  /// The mean and the variance of each step of brightness, ascending.
  private static func steps(_ places: [Place]) -> [(mean: Double, variance: Double)] {
    let (low, high) = (
      places[places.count / 1000].mean, places[places.count - 1 - places.count / 1000].mean
    )
    guard high > low else { return [] }
    let count = min(mostSteps, max(6, places.count / (4 * fewest)))
    var steps = [[Place]](repeating: [], count: count)
    for place in places where place.mean >= low && place.mean <= high {
      steps[min(count - 1, Int((place.mean - low) / (high - low) * Float(count)))].append(place)
    }
    return steps.filter { $0.count >= fewest }.map { step in
      let mean = step.reduce(0.0) { $0 + Double($1.mean) } / Double(step.count)
      return (mean, variance(step.map { Double($0.difference) }.sorted()))
    }
  }

  /// - Parameter differences: |d|, ascending.
  private static func variance(_ differences: [Double]) -> Double {
    var level = differences[differences.count / 2] / 0.6744897501960817
    if level == 0 {
      level = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
    }
    for _ in 0..<8 {
      let inside = differences.prefix { $0 <= 3 * level }
      guard !inside.isEmpty else { break }
      // The variance of a normal variable that is cut at 3 σ, over σ²; few counts do not reach that far.
      let kept = inside.count < differences.count ? 0.97334 : 1
      level = (inside.reduce(0) { $0 + $1 * $1 } / Double(inside.count) / kept).squareRoot()
    }
    return level * level
  }

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }
}
