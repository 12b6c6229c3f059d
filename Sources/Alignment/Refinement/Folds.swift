/// How tilts are dealt for predictions: each part is left out in turn, and predicted by all others.
///
/// Two halves where there are tilts enough. Of few, half would leave gaps between neighbours that no prediction bridges;
/// then every third or fourth is left out.
package struct Folds: Sendable, Hashable {
  /// Indices of tilts, one list a part, all together each once.
  package let parts: [[Int]]

  package init(_ tilts: [Double]) {
    let order = tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) }
    let count = tilts.count >= 30 ? 2 : tilts.count >= 20 ? 3 : 4
    parts = (0..<count).map { part in
      order.enumerated().filter { $0.offset % count == part }.map(\.element)
    }
  }

  /// Of a part and of all others, in the order of their angles.
  package func split(_ part: Int, _ tilts: [Double]) -> (chosen: [Int], others: [Int]) {
    let others = parts.indices.filter { $0 != part }.flatMap { parts[$0] }
      .sorted { (tilts[$0], $0) < (tilts[$1], $1) }
    return (parts[part], others)
  }
}
