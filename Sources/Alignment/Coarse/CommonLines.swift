package import Fields
import Statistics

/// Shifts along the tilt axis from what every tilt must have in common.
///
/// Whatever the tilt, the sum of a picture across the axis is the same function f of the place along it. The profile of
/// every page is laid over their mean where it correlates best, which gives a new mean, five times over.
///
/// - Reference: R. A. Crowther et al., Nature 226, 421 (1970).
package struct CommonLines: Sendable {
  /// How far each page has to be moved along the axis, in its pixels.
  package let shifts: [Double]

  /// - Parameters:
  ///   - first: the page that the others are laid over at first.
  ///   - reach: how far a page may have to be moved.
  package init(_ pages: [Image], from first: Int, reach: Int) {
    let profiles = pages.map(Self.profile)
    var (reference, places) = (profiles[first], [Double](repeating: 0, count: pages.count))
    var scores = places
    for _ in 0..<5 {
      for (k, profile) in profiles.enumerated() {
        (places[k], scores[k]) = Self.best(profile, over: reference, reach: reach)
      }
      let middle = places.reduce(0, +) / Double(places.count)
      reference = Self.mean(profiles, moved: places.map { $0 - middle }, scores)
    }
    let middle = places.reduce(0, +) / Double(places.count)
    shifts = places.map { $0 - middle }
  }

  private static func profile(_ page: Image) -> [Double] {
    (0..<page.rowCount).map { row in
      var sum = 0.0
      for column in 0..<page.columnCount { sum += Double(page[row, column]) }
      return sum / Double(page.columnCount)
    }
  }

  /// Where `profile` moved by a shift correlates best with `reference` over what they share, and how well.
  private static func best(
    _ profile: [Double], over reference: [Double], reach: Int
  ) -> (shift: Double, score: Double) {
    let reach = min(reach, profile.count / 3)
    let scores = (-reach...reach).map { correlation(profile, reference, shift: $0) }
    let top = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    guard top > 0, top < scores.count - 1 else { return (Double(top - reach), scores[top]) }
    let (a, b, c) = (scores[top - 1], scores[top], scores[top + 1])
    let part = min(max(lowestPlace(-a, -b, -c), -0.5), 0.5)
    return (Double(top - reach) + part, b - 0.25 * (a - c) * part)
  }

  private static func correlation(
    _ profile: [Double], _ reference: [Double], shift: Int
  ) -> Double {
    let range = max(0, shift)..<min(profile.count, profile.count + shift)
    var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for i in range {
      let (a, b) = (profile[i - shift], reference[i])
      (x, y, xx, yy, xy) = (x + a, y + b, xx + a * a, yy + b * b, xy + a * b)
    }
    let n = Double(range.count)
    let spread = (xx - x * x / n) * (yy - y * y / n)
    return spread > 0 ? (xy - x * y / n) / spread.squareRoot() : 0
  }

  /// The mean of the moved profiles, each scaled to a sum of squares of 1; poor ones count little.
  private static func mean(
    _ profiles: [[Double]], moved places: [Double], _ scores: [Double]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: profiles[0].count)
    for (k, profile) in profiles.enumerated() {
      let size = profile.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let weight = size > 0 ? max(scores[k], 0) / size : 0
      for i in result.indices {
        let place = min(max(Double(i) - places[k], 0), Double(profile.count - 1))
        let low = min(Int(place), profile.count - 2)
        let part = place - Double(low)
        result[i] += weight * ((1 - part) * profile[low] + part * profile[low + 1])
      }
    }
    return result
  }
}
