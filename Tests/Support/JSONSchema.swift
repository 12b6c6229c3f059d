public import Foundation

/// A JSON Schema of draft 2020-12, as far as those in `docs/schemas` go.
///
/// - Reference: https://json-schema.org/draft/2020-12/json-schema-validation
public struct JSONSchema: Sendable {
  private let root: SchemaNode

  /// - Throws: `DecodingError` for a keyword that is not known here, and for a reference that leads nowhere.
  public init(_ json: Data) throws {
    root = try JSONDecoder().decode(SchemaNode.self, from: json)
    try root.checkReferences(in: root)
  }

  /// That of a kind of record: `docs/schemas/KIND.schema.json`.
  public init(ofRecord kind: String) throws {
    try self.init(
      try Data(contentsOf: packageFolder.appending(path: "docs/schemas/\(kind).schema.json")))
  }

  /// What keeps a value from being valid, with its place.
  ///
  /// - Parameter exactly: whether members of an object that its schema does not describe are violations, too.
  public func violations(in value: JSONValue, exactly: Bool = false) -> [String] {
    root.violations(in: value, at: "", root: root, exactly: exactly)
  }
}
