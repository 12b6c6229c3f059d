import Foundation

/// One schema of many that stand in each other.
final class SchemaNode: Decodable, Sendable {
  private enum Keyword: String, CodingKey {
    case dialect = "$schema", title, description, definitions = "$defs", reference = "$ref"
    case type, constant = "const", values = "enum", anyOf, minimum, pattern
    case items, minItems, maxItems, required, properties, additionalProperties
  }

  let types: [JSONType]?
  let constant: JSONValue?
  let values: [JSONValue]?
  let reference: String?
  let anyOf: [SchemaNode]?
  let minimum: Double?
  let pattern: String?
  let items: SchemaNode?
  let minItems: Int?
  let maxItems: Int?
  let required: [String]
  let properties: [String: SchemaNode]
  let additionalProperties: SchemaNode?
  let definitions: [String: SchemaNode]

  init(from decoder: any Decoder) throws {
    for name in try decoder.container(keyedBy: AnyKey.self).allKeys
    where Keyword(rawValue: name.stringValue) == nil {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "'\(name.stringValue)' is no keyword that is known here"))
    }
    let keys = try decoder.container(keyedBy: Keyword.self)
    func read<Value: Decodable>(_ keyword: Keyword) throws -> Value? {
      try keys.contains(keyword) ? keys.decode(Value.self, forKey: keyword) : nil
    }
    types = try (try? read(.type)).map { $0.map { [$0] } } ?? read(.type)
    (constant, values) = (try read(.constant), try read(.values))
    (reference, anyOf) = (try read(.reference), try read(.anyOf))
    (minimum, pattern) = (try read(.minimum), try read(.pattern))
    (items, minItems, maxItems) = (try read(.items), try read(.minItems), try read(.maxItems))
    (required, properties) = (try read(.required) ?? [], try read(.properties) ?? [:])
    additionalProperties = try read(.additionalProperties)
    definitions = try read(.definitions) ?? [:]
  }

  private static let prefix = "#/$defs/"

  func referred(in root: SchemaNode) -> SchemaNode? {
    reference.flatMap { root.definitions[String($0.dropFirst(Self.prefix.count))] }
  }

  /// Everything that stands in this schema.
  private var parts: [SchemaNode] {
    (anyOf ?? []) + [items, additionalProperties].compactMap(\.self) + Array(properties.values)
      + Array(definitions.values)
  }

  func checkReferences(in root: SchemaNode) throws {
    if let reference, !reference.hasPrefix(Self.prefix) || referred(in: root) == nil {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "'\(reference)' leads nowhere"))
    }
    for part in parts { try part.checkReferences(in: root) }
  }
}

/// A key of any name.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
