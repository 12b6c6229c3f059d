import Files
package import Foundation

/// JSON in which figures that are not finite are `null`.
package struct JSONText: Sendable {
  /// UTF-8 with a line feed at its end.
  package let data: Data
  /// The keys of figures that were not finite, in their order.
  package let undefined: [String]

  private static let mark = "\u{1}undefined"

  /// - Parameter isPretty: one line per value, for files; else all in one line.
  package init(_ value: some Encodable, isPretty: Bool = true) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: Self.mark, negativeInfinity: Self.mark, nan: Self.mark)
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    let parts = text.components(separatedBy: #""\u0001undefined""#)
    data = Data((parts.joined(separator: "null") + "\n").utf8)
    // The last text in quotes before a figure is its key, or that of the list it stands in.
    undefined = parts.dropLast().reduce(into: []) { names, part in
      let key = part.split(separator: "\"", omittingEmptySubsequences: false).dropLast().last
      names.append(key.map { String($0) } ?? names.last ?? "")
    }
  }

  /// What a file holds; `nil` where it cannot be read or holds something else.
  package static func read<Value: Decodable>(_ type: Value.Type, at path: String) -> Value? {
    guard let bytes = try? InputFile.contents(of: path).bytes else { return nil }
    return try? JSONDecoder().decode(type, from: Data(bytes))
  }

  /// Says that figures are missing, for people; `nil` where none is.
  package var warning: String? {
    guard !undefined.isEmpty else { return nil }
    let names = undefined.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    return """
      \(undefined.count) figure\(undefined.count == 1 ? " is" : "s are") not finite and written as null: \
      \(shown). The values of the data may be too large, too small or all equal.
      """
  }
}
