/// Quadrature weights in radians over the measured range of tilts.
///
/// Trapezoid: each tilt stands for half the gap to each neighbour. Tilts are taken modulo 180°, so
/// that −90° and +90° are one direction; projections of one direction share its weight.
///
/// The widest gap on the circle, wherever it lies, is what was not measured: the two tilts beside it
/// stand for half a gap only. Where it is at most 1.75 times the next widest and 4 times the median,
/// nothing is missing: the range is closed and the weights sum to π. (Steps by the golden ratio leave
/// gaps up to 1.62 times as wide as the next; a second hole in the range does not close the first.)
public enum TiltWeights {
  /// - Parameter radians: in any order.
  /// - Returns: one weight a tilt, in the same order.
  public static func trapezoid(_ radians: [Double]) -> [Double] {
    let directions = radians.map { wrapped($0) }
    let order = directions.indices.sorted { (directions[$0], $0) < (directions[$1], $1) }
    // Runs of equal directions; the first and last may be the two ends of the circle.
    var nodes: [(direction: Double, members: [Int])] = []
    for index in order {
      if let last = nodes.last, directions[index] - last.direction < same {
        nodes[nodes.count - 1].members.append(index)
      } else {
        nodes.append((directions[index], [index]))
      }
    }
    if nodes.count > 1, let last = nodes.last, nodes[0].direction + .pi - last.direction < same {
      nodes[0].members += last.members
      nodes.removeLast()
    }
    var weights = [Double](repeating: 0, count: radians.count)
    for (node, weight) in zip(nodes, nodeWeights(nodes.map(\.direction))) {
      for index in node.members { weights[index] = weight / Double(node.members.count) }
    }
    return weights
  }

  /// Two directions closer than this are one.
  private static let same = 1e-6

  /// Into −π/2 … π/2.
  private static func wrapped(_ angle: Double) -> Double {
    let turns = (angle / .pi).rounded()
    return angle - turns * .pi
  }

  private static func nodeWeights(_ directions: [Double]) -> [Double] {
    guard directions.count > 1 else { return directions.map { _ in .pi } }
    let gaps = zip(directions.dropFirst(), directions).map { $0 - $1 }
    // A series may lie across ±90°, so the widest gap may be anywhere.
    let around = directions[0] + .pi - directions[directions.count - 1]
    let circle = gaps + [around]
    let widest = circle.indices.max { circle[$0] < circle[$1] } ?? 0
    let others = circle.indices.filter { $0 != widest }.map { circle[$0] }.sorted()
    let isClosed =
      circle[widest] <= 1.75 * (others.last ?? 0) && circle[widest] <= 4 * others[others.count / 2]
    return directions.indices.map { k in
      let before = (k + circle.count - 1) % circle.count
      return [before, k].reduce(0) { sum, gap in
        !isClosed && gap == widest ? sum : sum + circle[gap] / 2
      }
    }
  }
}
