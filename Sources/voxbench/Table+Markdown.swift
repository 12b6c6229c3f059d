import Foundation
import Plots

extension Table {
  /// The table in Markdown, numbers with four significant digits.
  var markdown: String {
    let rule = header.map { _ in "---" }
    return ([header, rule] + rows.map { $0.map(Self.rounded) })
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func rounded(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value): String(format: "%.4g", value)
    case .empty: ""
    }
  }
}
