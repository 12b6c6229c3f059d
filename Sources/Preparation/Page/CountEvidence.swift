package import Fields
import Statistics

/// Whether pages that nothing is told of look like counts.
///
/// Their values are whole numbers of 0 or more, and vary as counts do: with d and m of `SecondDifference`,
///
///     g             between 0.7 and 1.4   where m ≥ 5 at 320 places and more
///     Σ d² / Σ m    between 0.5 and 2     else
///
/// Few counts stand beside no edge that would be seen in the second. For the first, places are sorted by brightness into 16
/// groups of one size; g is the median over them of the median of d² / m over 0.4549, that of χ² with one degree of freedom, so that
/// edges, whose places are few, do not count; the four brightest groups have to agree with it, from 0.5 to 2. Pictures of a
/// detector with an offset, or whose electron gives several units or a part of one, vary otherwise. Fewer than 400 places say nothing.
package struct CountEvidence: Sendable {
  private let isWhole: Bool
  private let places: [SecondDifference]

  package init(_ page: Image) {
    isWhole = page.pixels.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
    places = page.secondDifferences
  }

  /// - Complexity: O(n log n) in the places that were kept, some 4 000 a page.
  package static func speaksForCounts(_ pages: [CountEvidence]) -> Bool {
    guard pages.allSatisfy(\.isWhole) else { return false }
    let places = pages.flatMap(\.places).map {
      (mean: Double($0.mean), square: Double($0.value) * Double($0.value))
    }
    guard places.count >= 400 else { return false }
    let bright = places.filter { $0.mean >= 5 }.sorted { $0.mean < $1.mean }
    let size = bright.count / 16
    if size >= 20 {
      let gains = (0..<16).map { group in
        upperMedian(bright[group * size..<(group + 1) * size].map { $0.square / $0.mean })
          / medianOfSquare
      }
      return 0.7...1.4 ~= upperMedian(gains) && 0.5...2 ~= upperMedian(Array(gains.suffix(4)))
    }
    let (sum, squares) = places.reduce((0.0, 0.0)) { ($0.0 + $1.mean, $0.1 + $1.square) }
    return sum > 0 && 0.5...2 ~= squares / sum
  }
}
