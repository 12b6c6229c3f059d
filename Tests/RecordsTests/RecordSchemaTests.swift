import Foundation
import Records
import TestSupport
import Testing

/// What the schemas in `docs/schemas` have in common.
@Suite struct RecordSchemaTests {
  private static let schemas = Result { () throws -> [(kind: String, text: JSONValue)] in
    let folder = packageFolder.appending(path: "docs/schemas")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      let json = try Data(contentsOf: folder.appending(path: $0))
      _ = try JSONSchema(json)
      return ($0, try JSONValue(json))
    }
  }

  @Test("All are read, and say what they are of")
  func heads() throws {
    for (kind, schema) in try Self.schemas.get() {
      #expect(kind.hasSuffix(".schema.json"))
      #expect(schema["$schema"] == .text("https://json-schema.org/draft/2020-12/schema"), "\(kind)")
      guard case .text(let words) = schema["description"] else {
        Issue.record("\(kind) has no description")
        continue
      }
      #expect(words.hasSuffix("Later versions may add keys."), "\(kind)")
    }
  }

  @Test("A definition is the same wherever its name stands, and the number is that of this version")
  func definitions() throws {
    var known: [String: JSONValue] = [:]
    for (kind, schema) in try Self.schemas.get() {
      guard case .object(let definitions) = schema["$defs"] else { continue }
      for (name, definition) in definitions {
        #expect(known[name] == nil || known[name] == definition, "\(name) of \(kind)")
        known[name] = definition
      }
    }
    #expect(known["schema"]?["const"] == .number(Double(ResultFiles.schema)))
  }

  @Test("Every key that is required is described")
  func required() throws {
    func check(_ value: JSONValue, _ kind: String) {
      switch value {
      case .object(let members):
        if case .list(let keys) = members["required"],
          case .object(let known) = members["properties"],
          members["type"] != nil
        {
          for case .text(let key) in keys { #expect(known[key] != nil, "\(key) of \(kind)") }
        }
        for member in members.values { check(member, kind) }
      case .list(let values): for value in values { check(value, kind) }
      default: break
      }
    }
    for (kind, schema) in try Self.schemas.get() { check(schema, kind) }
  }
}
