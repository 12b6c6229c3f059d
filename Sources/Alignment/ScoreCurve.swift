/// A score over one number that was searched, and where it is least.
package struct ScoreCurve: Sendable, Hashable, Codable {
  /// What was searched, with its unit.
  package let name: String
  /// Ascending.
  package let values: [Double]
  /// Less is better.
  package let scores: [Double]
  /// The lowest place, by a parabola through the three lowest values.
  package let best: Double
  /// Whether the lowest value lies at an end of the range, so that the true one may lie beyond.
  package let isAtEdge: Bool

  /// Scores a grid, and halves its step about the lowest value until it is `fineness`.
  package init(
    _ name: String, from first: Double, to last: Double, step: Double, fineness: Double,
    score: (Double) throws -> Double
  ) rethrows {
    let count = max(2, Int(((last - first) / step).rounded()))
    var points = try (0...count).map { i in
      let value = first + (last - first) * Double(i) / Double(count)
      return (value, try score(value))
    }
    func lowest() -> Int { points.indices.reduce(0) { points[$1].1 < points[$0].1 ? $1 : $0 } }
    isAtEdge = lowest() == 0 || lowest() == count
    var width = (last - first) / Double(count)
    while width / 2 >= fineness {
      width /= 2
      let middle = points[lowest()].0
      for value in [middle - width, middle + width] where value >= first && value <= last {
        points.append((value, try score(value)))
      }
      points.sort { $0.0 < $1.0 }
    }
    let low = lowest()
    if low > 0, low < points.count - 1 {
      best = Self.vertex(points[low - 1], points[low], points[low + 1])
    } else {
      best = points[low].0
    }
    (self.name, values, scores) = (name, points.map(\.0), points.map(\.1))
  }

  /// The value with the lowest score.
  var lowest: Double {
    values[scores.indices.reduce(0) { scores[$1] < scores[$0] ? $1 : $0 }]
  }

  private static func vertex(
    _ a: (Double, Double), _ b: (Double, Double), _ c: (Double, Double)
  ) -> Double {
    let (p, q) = ((b.0 - a.0) * (b.1 - c.1), (b.0 - c.0) * (b.1 - a.1))
    let slope = p - q
    guard abs(slope) > .leastNormalMagnitude else { return b.0 }
    let place = b.0 - 0.5 * ((b.0 - a.0) * p - (b.0 - c.0) * q) / slope
    return min(max(place, a.0), c.0)
  }
}
