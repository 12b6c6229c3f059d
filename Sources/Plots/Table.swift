package import Foundation

/// A table that is written as CSV (RFC 4180), with a point in decimals.
package struct Table: Sendable, Hashable {
  package enum Cell: Sendable, Hashable {
    case text(String)
    case integer(Int)
    /// Written with the fewest digits that give the same `Double` again.
    case number(Double)
    case empty

    /// A number, or nothing.
    package static func from(_ value: Double?) -> Cell { value.map(Cell.number) ?? .empty }
  }

  package let header: [String]
  package private(set) var rows: [[Cell]] = []

  package init(_ header: [String]) {
    precondition(!header.isEmpty, "a table has at least one column")
    self.header = header
  }

  /// - Throws: ``PlotError/rowLength(row:count:expected:)``
  package mutating func append(_ row: [Cell]) throws(PlotError) {
    guard row.count == header.count
    else { throw .rowLength(row: rows.count, count: row.count, expected: header.count) }
    rows.append(row)
  }

  /// The header and the rows, each ended by CR LF.
  package var csv: String {
    ([header.map(Self.quoted)] + rows.map { $0.map(Self.written) })
      .map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func written(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): quoted(text)
    case .integer(let value): String(value)
    case .number(let value): value.description
    case .empty: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}

extension Table.Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
}

extension Table: Writable {
  package func contents() throws(PlotError) -> Data { Data(csv.utf8) }
}
