import Fields

/// Rows and columns of a detector that do not measure.
///
/// A row is dead where at least 98 % of its pixels lie beyond all four of the rows one and two steps away, on one
/// side; noise alone leaves a fifth on either side. It is dead too where all its pixels hold
/// one value and those of the rows next to it do not. The outermost rows, which lie beyond their
/// neighbours on any slope, are judged by the second rule alone.
enum DeadLines {
  private static let share = 0.98

  /// Numbers from 1.
  static func rows(_ page: Image) -> [Int] {
    lines(page.rowCount, page.columnCount) { page[$0, $1] }
  }

  /// Numbers from 1.
  static func columns(_ page: Image) -> [Int] {
    lines(page.columnCount, page.rowCount) { page[$1, $0] }
  }

  private static func lines(
    _ count: Int, _ length: Int, _ value: (_ line: Int, _ place: Int) -> Float
  ) -> [Int] {
    guard count >= 5, length >= 8 else { return [] }
    let needed = Int((share * Double(length)).rounded(.up))
    let constant = (0..<count).map { line in
      let first = value(line, 0)
      return (1..<length).allSatisfy { value(line, $0) == first }
    }
    return (0..<count).filter { line in
      let near = [line - 2, line - 1, line + 1, line + 2].filter { (0..<count).contains($0) }
      if constant[line] { return !near.contains { abs($0 - line) == 1 && constant[$0] } }
      guard line > 0, line < count - 1 else { return false }
      var (above, below) = (0, 0)
      for place in 0..<length {
        let here = value(line, place)
        var (isAbove, isBelow) = (true, true)
        for other in near {
          let there = value(other, place)
          if here <= there { isAbove = false }
          if here >= there { isBelow = false }
        }
        above += isAbove ? 1 : 0
        below += isBelow ? 1 : 0
        // Neither side can be reached any more.
        if place - max(above, below) > length - needed { return false }
      }
      return max(above, below) >= needed
    }.map { $0 + 1 }
  }

  /// Fills those lines from the nearest living ones on both sides, linearly.
  static func fill(_ page: inout Image, rows: [Int], columns: [Int]) {
    for (line, low, high) in neighbours(of: rows, count: page.rowCount) {
      let part = low == high ? 0 : Float(line - low) / Float(high - low)
      for column in 0..<page.columnCount {
        page[line, column] = page[low, column] + part * (page[high, column] - page[low, column])
      }
    }
    for (line, low, high) in neighbours(of: columns, count: page.columnCount) {
      let part = low == high ? 0 : Float(line - low) / Float(high - low)
      for row in 0..<page.rowCount {
        page[row, line] = page[row, low] + part * (page[row, high] - page[row, low])
      }
    }
  }

  /// Dead lines from 0 with the living ones on either side; at an edge both are the same.
  private static func neighbours(of dead: [Int], count: Int) -> [(line: Int, low: Int, high: Int)] {
    let dead = Set(dead.map { $0 - 1 })
    return dead.sorted().compactMap { line in
      let low = stride(from: line - 1, through: 0, by: -1).first { !dead.contains($0) }
      let high = (line..<count).first { !dead.contains($0) }
      guard let first = low ?? high, let second = high ?? low else { return nil }
      return (line, first, second)
    }
  }
}
