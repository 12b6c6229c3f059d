/// The order in which a series was taken.
enum TiltScheme: Hashable {
  /// From one end to the other.
  case sweep
  /// From the start outwards, so many tilts on either side in turn.
  case doseSymmetric(group: Int)
  /// From the start to one end, and then to the other.
  case bidirectional

  var words: String {
    switch self {
    case .sweep: "from one end to the other"
    case .doseSymmetric(1): "dose-symmetric, one tilt on either side in turn"
    case .doseSymmetric(let group): "dose-symmetric, \(group) tilts on either side in turn"
    case .bidirectional: "bidirectional, from the middle to one end and then to the other"
    }
  }

  /// A scheme that begins at one of the tilts.
  struct Order: Hashable {
    let scheme: TiltScheme
    /// Places in the order of angles, as they were taken.
    let places: [Int]
    var start: Int { places[0] }
  }

  /// Every usual order of `count` tilts that begins near one of `starts`; places in the order of angles.
  ///
  /// To begin with the other side is the same order seen in a mirror, which neighbours cannot tell.
  static func orders(_ count: Int, starts: [Int]) -> [Order] {
    var orders = [Order(scheme: .sweep, places: Array(0..<count))]
    for start in starts where 2..<count - 2 ~= start {
      let sides = [Array(start + 1..<count), Array((0..<start).reversed())]
      for (one, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
        orders.append(Order(scheme: .bidirectional, places: [start] + one + other))
        for group in 1...4 {
          // The first tilt may count as one of the first group.
          for first in group == 1 ? [1] : [group, group - 1] {
            orders.append(
              Order(
                scheme: .doseSymmetric(group: group),
                places: [start] + inTurn(one, other, group: group, first: first)))
          }
        }
      }
    }
    return orders
  }

  private static func inTurn(_ one: [Int], _ other: [Int], group: Int, first: Int) -> [Int] {
    var (result, i, j) = (Array(one.prefix(first)), first, 0)
    while i < one.count || j < other.count {
      result += other[min(j, other.count)..<min(j + group, other.count)]
      result += one[min(i, one.count)..<min(i + group, one.count)]
      (i, j) = (i + group, j + group)
    }
    return result
  }
}
