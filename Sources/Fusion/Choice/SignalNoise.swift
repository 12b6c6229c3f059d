package import Fields
import Statistics

/// The standard deviation of the noise where there is signal.
///
/// Pictures are filtered with the difference of two Laplacians (Immerkær 1996),
///
///     N = [1 −2 1; −2 4 −2; 1 −2 1],   Σ N² = 36
///
/// which no plane survives, and read only where the mean of the nine pixels exceeds a fifth of the
/// largest: a counting detector is silent in the vacuum. The median gives a first σ; edges, beyond
/// 3 σ, are then left out until that settles. Of several pictures the median counts.
///
/// - Reference: J. Immerkær, Comput. Vis. Image Underst. 64, 300 (1996).
package struct SignalNoise: Sendable {
  package let sigma: Double

  /// - Returns: `nil` for small or silent pictures.
  package init?(_ field: borrowing FloatStorage, _ pictures: Pictures, workers: Workers = .all) {
    guard pictures.rowCount >= 8, pictures.columnCount >= 8 else { return nil }
    let span = field.span
    let levels = workers.results(pictures.count) { Self.level(span, pictures, $0) }
      .filter { $0 > 0 }
    guard !levels.isEmpty else { return nil }
    sigma = upperMedian(levels)
  }

  private static func level(_ field: Span<Float>, _ pictures: Pictures, _ picture: Int) -> Double {
    var responses: [(mean: Float, size: Float)] = []
    responses.reserveCapacity(pictures.rowCount * pictures.columnCount)
    for row in 1..<pictures.rowCount - 1 {
      for column in 1..<pictures.columnCount - 1 {
        let (mean, difference) = secondDifference {
          field[pictures.index(picture, row: row + $0, column: column + $1)]
        }
        responses.append((mean, abs(difference)))
      }
    }
    let means = responses.map(\.mean).sorted()
    let (low, high) = (means[means.count / 100], means[means.count - 1 - means.count / 100])
    let threshold = low + 0.2 * (high - low)
    var sizes = responses.filter { $0.mean > threshold }.map(\.size)
    if sizes.count < 64 { sizes = responses.map(\.size) }
    return SecondDifference.deviation(sizes.sorted()) / 6
  }
}

/// The mean of the 3 × 3 pixels about a place, and N ∗ p there.
@inline(__always)
func secondDifference(
  _ pixel: (_ down: Int, _ right: Int) -> Float
) -> (mean: Float, difference: Float) {
  var (mean, difference) = (Float(0), Float(0))
  for down in -1...1 {
    for right in -1...1 {
      let v = pixel(down, right)
      mean += v / 9
      difference += v * Float((down == 0 ? -2 : 1) * (right == 0 ? -2 : 1))
    }
  }
  return (mean, difference)
}
