/// Which tilts of a series are reconstructed together.
public enum TiltSplit {
  /// Every other tilt by angle: the even half holds the lowest.
  ///
  /// - Returns: indices into `tilts`, ascending by angle.
  public static func halves(_ tilts: [Double]) -> (even: [Int], odd: [Int]) {
    let order = byAngle(tilts)
    return (
      order.indices.filter { $0.isMultiple(of: 2) }.map { order[$0] },
      order.indices.filter { !$0.isMultiple(of: 2) }.map { order[$0] }
    )
  }

  /// Every fifth tilt by angle, from the third on, but never the last.
  ///
  /// - Returns: those left out and the others, ascending by angle.
  public static func heldOut(_ tilts: [Double]) -> (left: [Int], kept: [Int]) {
    let order = byAngle(tilts)
    let left = order.indices.dropLast().filter { $0 % 5 == 2 }
    return (left.map { order[$0] }, order.indices.filter { !left.contains($0) }.map { order[$0] })
  }

  /// The lowest tenth of the tilts, at least one, as a missing wedge of its own.
  ///
  /// - Returns: those left out and the others, ascending by angle.
  public static func outermost(_ tilts: [Double]) -> (left: [Int], kept: [Int]) {
    let order = byAngle(tilts)
    let count = max(1, order.count / 10)
    return (Array(order.prefix(count)), Array(order.dropFirst(count)))
  }

  static func byAngle(_ tilts: [Double]) -> [Int] {
    tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) }
  }
}
