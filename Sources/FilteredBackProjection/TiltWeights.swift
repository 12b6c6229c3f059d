import Projection

/// Quadrature weights in radians over the measured range of tilts.
///
/// Trapezoid: each direction (``TiltDirections``) stands for half the gap to each neighbour; projections
/// of one direction share its weight. The two tilts beside the widest gap stand for half a gap only,
/// unless the circle is closed: then the weights sum to π. A second hole in the range does not close
/// the first.
public enum TiltWeights {
  /// - Parameter radians: in any order.
  /// - Returns: one weight a tilt, in the same order.
  public static func trapezoid(_ radians: [Double]) -> [Double] {
    let directions = TiltDirections(radians)
    var weights = [Double](repeating: 0, count: radians.count)
    for (members, weight) in zip(directions.members, weigh(directions)) {
      for index in members { weights[index] = weight / Double(members.count) }
    }
    return weights
  }

  private static func weigh(_ directions: TiltDirections) -> [Double] {
    let gaps = directions.gaps
    guard gaps.count > 1 else { return [.pi] }
    let missing = directions.isClosed ? nil : directions.widest
    return gaps.indices.map { k in
      let before = (k + gaps.count - 1) % gaps.count
      return [before, k].reduce(0) { sum, gap in gap == missing ? sum : sum + gaps[gap] / 2 }
    }
  }
}
