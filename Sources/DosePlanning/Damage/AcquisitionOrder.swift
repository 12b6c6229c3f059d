/// In which order the pages of a series were taken, and the cumulative dose.
package struct AcquisitionOrder: Sendable, Hashable {
  /// The place of each page, counted from 1.
  package let positions: [Int]

  /// - Throws: ``DosePlanningError`` unless every place from 1 to the number of pages stands there once.
  package init(_ positions: [Double], pages: Int) throws(DosePlanningError) {
    guard positions.count == pages else {
      throw .orderCount(positions: positions.count, pages: pages)
    }
    var holder: [Int: Int] = [:]
    var whole: [Int] = []
    for (page, value) in positions.enumerated() {
      guard let position = Int(exactly: value), 1...pages ~= position else {
        let shown = Int(exactly: value).map { "\($0)" } ?? "\(value)"
        throw .orderNotAPosition(page: page + 1, value: shown, pages: pages)
      }
      if let first = holder[position] {
        throw .orderRepeated(position: position, pages: [first, page + 1])
      }
      holder[position] = page + 1
      whole.append(position)
    }
    self.positions = whole
  }

  /// The part of the whole dose that the specimen has had by the middle of each page's exposure:
  ///
  ///     d_k = (Σ_{taken before k} q_j + q_k / 2) / Σ q_j
  ///
  /// - Parameter doses: q, one a page in any unit; all the same where it is `nil`.
  /// - Throws: ``DosePlanningError/doses(page:_:)`` where one is not positive.
  package func accumulated(_ doses: [Double]? = nil) throws(DosePlanningError) -> [Double] {
    let doses = doses ?? positions.map { _ in 1 }
    precondition(doses.count == positions.count, "one dose a page")
    if let page = doses.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .doses(page: page + 1, doses[page])
    }
    let total = doses.reduce(0, +)
    var (sum, result) = (0.0, doses)
    for page in positions.indices.sorted(by: { positions[$0] < positions[$1] }) {
      result[page] = (sum + doses[page] / 2) / total
      sum += doses[page]
    }
    return result
  }
}
