/// A value of a setting in records. A JSON number without a fraction is read as a `count`.
public enum Setting: Sendable, Hashable, Codable {
  case number(Double)
  case count(Int)
  case text(String)
  case flag(Bool)
  case list([Setting])
  case group([String: Setting])

  /// A number for JSON, which has no infinity.
  package static func finite(_ value: Double) -> Setting {
    value.isFinite ? .number(value) : .text("\(value)")
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .count(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .group(let values): try container.encode(values)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .count(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let values = try? container.decode([Setting].self) {
      self = .list(values)
    } else {
      self = .group(try container.decode([String: Setting].self))
    }
  }
}

extension Setting: CustomStringConvertible {
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .count(let value): "\(value)"
    case .text(let value): value
    case .flag(let value): "\(value)"
    case .list(let values): values.map(\.description).joined(separator: " ")
    case .group(let values):
      values.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
    }
  }
}
