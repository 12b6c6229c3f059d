import Foundation

extension SchemaNode {
  func violations(
    in value: JSONValue, at place: String, root: SchemaNode, exactly: Bool
  ) -> [String] {
    var found: [String] = []
    func say(_ words: String) { found.append("\(place.isEmpty ? "/" : place): \(words)") }
    func judge(_ value: JSONValue, _ schema: SchemaNode, _ step: String = "") -> [String] {
      schema.violations(in: value, at: place + step, root: root, exactly: exactly)
    }
    if let types, !types.contains(where: { $0.holds(value) }) {
      say("is not \(types.map(\.rawValue).joined(separator: " or "))")
    }
    if let constant, value != constant { say("is not \(constant)") }
    if let values, !values.contains(value) { say("\(value) is none of \(values.count) values") }
    if let schema = referred(in: root) { found += judge(value, schema) }
    if let anyOf {
      let forms = anyOf.map { judge(value, $0) }
      if !forms.contains([]) {
        say(
          "has none of \(forms.count) forms (\(forms.compactMap(\.first).joined(separator: "; ")))")
      }
    }
    switch value {
    case .number(let number):
      if let minimum, number < minimum { say("is below \(minimum)") }
    case .text(let text):
      if let pattern, text.range(of: pattern, options: .regularExpression) == nil {
        say("'\(text)' does not match \(pattern)")
      }
    case .list(let values):
      if let minItems, values.count < minItems { say("has fewer than \(minItems) items") }
      if let maxItems, values.count > maxItems { say("has more than \(maxItems) items") }
      guard let items else { break }
      for (i, value) in values.enumerated() { found += judge(value, items, "/\(i)") }
    case .object(let members):
      for key in required where members[key] == nil { say("'\(key)' is missing") }
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        if let schema = properties[key] ?? additionalProperties {
          found += judge(value, schema, "/\(key)")
        } else if exactly, types?.contains(.object) == true, !properties.isEmpty {
          say("'\(key)' is not described")
        }
      }
    case .null, .flag: break
    }
    return found
  }
}

/// The types that JSON Schema tells apart.
enum JSONType: String, Decodable {
  case null, boolean, integer, number, string, array, object

  func holds(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.null, .null), (.boolean, .flag), (.number, .number), (.string, .text): true
    case (.array, .list), (.object, .object): true
    case (.integer, .number(let number)): number == number.rounded()
    default: false
    }
  }
}
