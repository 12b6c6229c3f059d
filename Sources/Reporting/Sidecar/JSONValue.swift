import Foundation

/// Any JSON, for facts that are shown as they stand.
package enum JSONValue: Decodable, Sendable, Hashable {
  case null
  case flag(Bool)
  case integer(Int)
  /// Larger than an `Int` can be: seeds.
  case unsigned(UInt64)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let unsigned = try? value.decode(UInt64.self) {
      self = .unsigned(unsigned)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  package subscript(key: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members[key] ?? .null
  }

  package var members: [String: JSONValue] {
    guard case .object(let members) = self else { return [:] }
    return members
  }

  package var elements: [JSONValue] {
    guard case .list(let elements) = self else { return [] }
    return elements
  }

  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  package var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var doubles: [Double] { elements.compactMap(\.double) }

  /// In all its digits; `nil` for null. Lists are joined, objects are not told here.
  package var words: String? {
    switch self {
    case .null, .object: nil
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let text): text
    case .list(let elements): elements.map { $0.words ?? "–" }.joined(separator: ", ")
    }
  }
}
