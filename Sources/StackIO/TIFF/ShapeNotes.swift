import Foundation

/// tifffile's notes in a TIFF: JSON with the shape of an array and perhaps its axes,
/// `{"shape": [2, 21, 40, 48], "axes": "CZYX"}`.
struct ShapeNotes: Decodable {
  let shape: [Int]
  let axes: String?

  /// `nil` where the text is none of tifffile's.
  init?(_ text: String) {
    guard text.hasPrefix("{"), text.contains("\"shape\""),
      let notes = try? JSONDecoder().decode(ShapeNotes.self, from: Data(text.utf8))
    else { return nil }
    self = notes
  }

  /// The sides before rows and columns of pages of a size; `nil` where the array has no such pages.
  private func outer(rows: Int, columns: Int) -> [Int]? {
    var sides = shape
    while sides.last == 1, sides.count > 2, sides.suffix(2) != [rows, columns] {
      sides.removeLast()
    }
    guard sides.count >= 2, Array(sides.suffix(2)) == [rows, columns],
      sides.allSatisfy({ $0 > 0 })
    else { return nil }
    return sides.dropLast(2)
  }

  /// How many pages of a size the array has.
  func pageCount(rows: Int, columns: Int) -> Int? {
    outer(rows: rows, columns: columns)?.reduce(1) { count, side in
      count.flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: side)
        return overflow ? nil : product
      }
    }
  }

  /// Channels, slices and frames where the axes name them.
  func hyperstack(rows: Int, columns: Int) -> Hyperstack? {
    guard let axes, axes.count == shape.count, let sides = outer(rows: rows, columns: columns)
    else { return nil }
    var counts: [Hyperstack.Axis: Int] = [:]
    var order: [Hyperstack.Axis] = []
    for (letter, side) in zip(axes, sides).reversed() {
      guard let axis = Hyperstack.Axis(rawValue: letter), counts[axis] == nil else {
        if side == 1 { continue } else { return nil }
      }
      counts[axis] = side
      order.append(axis)
    }
    order += Hyperstack.Axis.allCases.filter { counts[$0] == nil }
    return Hyperstack(
      channels: counts[.channel] ?? 1, slices: counts[.slice] ?? 1, frames: counts[.frame] ?? 1,
      order: order, source: .shapeNotes)
  }
}
