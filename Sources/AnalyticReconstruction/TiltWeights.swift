import Projection

/// Quadrature weights in radians over the measured range of tilts.
///
/// Trapezoid: each direction (`TiltDirections`) stands for half the gap to each neighbour; projections
/// of one direction share its weight. The tilts beside a hole, at the ends of the range or within it
/// (`TiltDirections.holes`), stand for half a gap only: what nobody measured stays empty, since two noisy
/// projections that stand for all of it add more error than they take away. A closed circle has no
/// holes, and the weights sum to π.
package enum TiltWeights {
  /// - Parameter radians: in any order.
  /// - Returns: one weight a tilt, in the same order.
  package static func trapezoid(_ radians: [Double]) -> [Double] {
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
    let missing = directions.isClosed ? [] : directions.holes
    return gaps.indices.map { k in
      let before = (k + gaps.count - 1) % gaps.count
      return [before, k].reduce(0) { sum, gap in missing.contains(gap) ? sum : sum + gaps[gap] / 2 }
    }
  }
}
