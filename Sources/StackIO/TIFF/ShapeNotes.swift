import Foundation

/// tifffile's notes in a TIFF: JSON with the shape of an array, `{"shape": [21, 40, 48]}`.
struct ShapeNotes: Decodable {
  let shape: [Int]

  /// `nil` where the text is none of tifffile's.
  init?(_ text: String) {
    guard text.hasPrefix("{"), text.contains("\"shape\""),
      let notes = try? JSONDecoder().decode(ShapeNotes.self, from: Data(text.utf8))
    else { return nil }
    self = notes
  }

  /// How many pages of a size the array has; 0 where it has no whole pages.
  func pageCount(rows: Int, columns: Int) -> Int {
    var sides = shape
    while sides.last == 1, sides.count > 2, sides.suffix(2) != [rows, columns] { sides.removeLast() }
    guard sides.count >= 2, Array(sides.suffix(2)) == [rows, columns],
      sides.allSatisfy({ $0 > 0 })
    else { return 0 }
    return sides.dropLast(2).reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
  }
}
