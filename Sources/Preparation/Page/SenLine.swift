import Statistics

/// A straight line `v = a + b x` that up to a quarter of the points, however far off, do not move.
///
/// b is the median of the slopes between points that are a tenth of the span of x apart, a that of what is left.
///
/// - Reference: P. K. Sen, J. Am. Stat. Assoc. 63, 1379 (1968).
/// - Complexity: O(n²) below 200 points, O(n) above.
struct SenLine {
  let slope: Double
  /// Values less the line.
  let rest: [Double]

  init(_ values: [Double], over places: [Double]) {
    let span = (places.max() ?? 0) - (places.min() ?? 0)
    var slopes: [Double] = []
    for i in values.indices {
      for j in stride(from: 0, to: i, by: 1 + values.count / 200)
      where abs(places[i] - places[j]) > 0.1 * span {
        slopes.append((values[i] - values[j]) / (places[i] - places[j]))
      }
    }
    let b = upperMedian(slopes)
    let a = upperMedian(zip(values, places).map { $0 - b * $1 })
    (slope, rest) = (b, zip(values, places).map { $0 - a - b * $1 })
  }
}
