/// The distinct directions of a tilt series on the half circle, and the gaps between them.
///
/// Tilts are taken modulo 180°, so that −90° and +90° are one direction. The widest gap on the circle,
/// wherever it lies, is what was not measured, unless the circle is *closed*: its widest gap is at most
/// 1.75 times the next widest and 4 times the median. (Steps by the golden ratio leave gaps up to 1.62
/// times as wide as the next.)
package struct TiltDirections: Sendable, Hashable {
  /// Radians in −π/2 … π/2, ascending.
  package let angles: [Double]
  /// The tilts that share each direction.
  package let members: [[Int]]
  /// From each direction to the next; the last goes on round the circle to the first. They add up to π.
  package let gaps: [Double]

  /// - Parameter radians: one angle per tilt, in any order; at least one.
  package init(_ radians: [Double]) {
    precondition(!radians.isEmpty, "a series has at least one tilt")
    let directions = radians.map { $0 - ($0 / .pi).rounded() * .pi }
    let order = directions.indices.sorted { (directions[$0], $0) < (directions[$1], $1) }
    // Runs of equal directions; the first and last may be the two ends of the circle.
    var nodes: [(angle: Double, members: [Int])] = []
    for index in order {
      if let last = nodes.last, directions[index] - last.angle < Self.same {
        nodes[nodes.count - 1].members.append(index)
      } else {
        nodes.append((directions[index], [index]))
      }
    }
    if nodes.count > 1, let last = nodes.last, nodes[0].angle + .pi - last.angle < Self.same {
      nodes[0].members += last.members
      nodes.removeLast()
    }
    (angles, members) = (nodes.map(\.angle), nodes.map(\.members))
    let first = angles[0] + .pi
    gaps = zip(angles.dropFirst() + [first], angles).map { $0 - $1 }
  }

  /// Two directions closer than this are one.
  private static let same = 1e-6
  private static let widestStep = Double.pi / 6 + 1e-9

  /// Which of ``gaps`` is the widest.
  package var widest: Int { gaps.indices.max { gaps[$0] < gaps[$1] } ?? 0 }

  /// Whether nothing is missing.
  package var isClosed: Bool {
    let (widest, others) = (widest, sortedGapsButWidest)
    guard !others.isEmpty else { return false }
    return gaps[widest] <= 1.75 * others[others.count - 1]
      && gaps[widest] <= 4 * others[others.count / 2]
  }

  /// Which of ``gaps`` are holes: the widest unless the circle is closed and it is at most 30° wide (among
  /// few directions nothing tells a step from a hole), and every other that is more than four times as
  /// wide as the median.
  package var holes: [Int] {
    let (widest, others) = (widest, sortedGapsButWidest)
    guard !others.isEmpty else { return [widest] }
    return gaps.indices.filter {
      $0 == widest
        ? !isClosed || gaps[$0] > Self.widestStep : gaps[$0] > 4 * others[others.count / 2]
    }
  }

  private var sortedGapsButWidest: [Double] {
    let widest = widest
    return gaps.indices.filter { $0 != widest }.map { gaps[$0] }.sorted()
  }
}
