/// Which tilts of a series are reconstructed together, and which are left out and predicted. Indices ascend by angle.
package enum TiltSplit {
  package typealias Parts = (left: [Int], kept: [Int])

  /// Every fifth tilt is left out.
  package static let stride = 5
  /// In so many tilts together a prediction shows more than their chance.
  private static let enough = 14

  /// Every other tilt by angle: the even half holds the lowest.
  package static func halves(_ tilts: [Double]) -> (even: [Int], odd: [Int]) {
    let order = byAngle(tilts)
    return (
      order.indices.filter { $0.isMultiple(of: 2) }.map { order[$0] },
      order.indices.filter { !$0.isMultiple(of: 2) }.map { order[$0] }
    )
  }

  /// Every fifth tilt by angle, and none at the ends, which would be extrapolated.
  ///
  /// - Parameters:
  ///   - turn: 0 from the third on; others in their turn, until each but the ends was left out once.
  ///   - weights: a tilt of weight zero is never left out.
  package static func heldOut(
    _ tilts: [Double], turn: Int = 0, weights: [Double]? = nil
  ) -> Parts {
    let order = byAngle(tilts)
    let usable = order.filter { weights?[$0] != 0 }
    let first = (stride / 2 + 2 * turn) % stride
    let left = usable.indices.dropFirst().dropLast().filter { $0 % stride == first }
      .map { usable[$0] }
    return (left, order.filter { !left.contains($0) })
  }

  /// ``heldOut(_:turn:weights:)`` by turns, until some fourteen tilts were left out.
  package static func folds(_ tilts: [Double], weights: [Double]?) -> [Parts] {
    let usable = tilts.indices.count { weights?[$0] != 0 }
    return (0..<foldCount(tilts: usable)).map { heldOut(tilts, turn: $0, weights: weights) }
      .filter { !$0.left.isEmpty }
  }

  package static func foldCount(tilts: Int) -> Int {
    min(stride, max(1, (enough * stride + tilts - 1) / max(1, tilts)))
  }

  /// The lowest tenth of the tilts, at least one, as a missing wedge of its own.
  package static func outermost(_ tilts: [Double]) -> Parts {
    let order = byAngle(tilts)
    let count = max(1, order.count / 10)
    return (Array(order.prefix(count)), Array(order.dropFirst(count)))
  }

  package static func byAngle(_ tilts: [Double]) -> [Int] {
    tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) }
  }
}
