import Statistics

/// How the noise of a series grows with its brightness: `variance = read² + gain · (p − zero)`.
///
/// The second differences of all pages are sorted into 24 equal steps of brightness. In each, the median of
/// d² over 0.4549, the median of χ² with one degree of freedom, is the variance, which edges hardly
/// touch; steps with fewer than 200 places are left out. A straight line is fitted by the median of the
/// slopes between all pairs of steps (Theil and Sen).
package struct NoiseFit: Sendable, Hashable, Codable {
  /// The standard deviation at the step closest to vacuum.
  package let inVacuum: Double
  /// The standard deviation on the line at the step farthest from vacuum.
  package let atBrightest: Double
  /// Variance a unit of brightness: the units that one electron counts, where it is a Poisson process.
  package let gain: Double
  /// Whether the slope explains at least half of the variance where that is largest.
  package let isCounting: Bool

  /// - Returns: `nil` where there are not two steps to compare, or they show no noise.
  init?(_ pages: [[SecondDifference]], vacuum: Double) {
    let pairs = pages.joined().sorted { $0.mean < $1.mean }
    guard pairs.count >= 400 else { return nil }
    let low = pairs[pairs.count / 1000].mean
    let high = pairs[pairs.count - 1 - pairs.count / 1000].mean
    guard high > low else { return nil }
    var steps = [[Double]](repeating: [], count: Self.stepCount)
    var sums = [Double](repeating: 0, count: Self.stepCount)
    for pair in pairs where pair.mean >= low && pair.mean <= high {
      let place = Double(pair.mean - low) / Double(high - low)
      let step = min(Self.stepCount - 1, Int(place * Double(Self.stepCount)))
      steps[step].append(Double(pair.value) * Double(pair.value))
      sums[step] += Double(pair.mean)
    }
    let points = steps.indices.filter { steps[$0].count >= 200 }.map { step in
      (
        x: sums[step] / Double(steps[step].count) - vacuum,
        variance: upperMedian(steps[step]) / medianOfSquare
      )
    }
    guard points.count >= 2, points.contains(where: { $0.variance > 0 }) else { return nil }
    var slopes: [Double] = []
    for (i, a) in points.enumerated() {
      for b in points[(i + 1)...] where abs(b.x - a.x) > 0 {
        slopes.append((b.variance - a.variance) / (b.x - a.x))
      }
    }
    let slope = upperMedian(slopes)
    let atZero = max(0, upperMedian(points.map { $0.variance - slope * $0.x }))
    let farthest = points.max { abs($0.x) < abs($1.x) }?.x ?? 0
    let brightest = max(0, atZero + slope * farthest)
    gain = abs(slope)
    let nearest = points.min { abs($0.x) < abs($1.x) }?.variance ?? 0
    inVacuum = nearest.squareRoot()
    atBrightest = brightest.squareRoot()
    isCounting =
      slope > 0 && points.count >= 4 && abs(slope * farthest) > 0.5 * max(atZero, brightest)
  }

  private static let stepCount = 24
}
