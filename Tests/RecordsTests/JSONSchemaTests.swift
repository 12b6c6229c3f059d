import Foundation
import TestSupport
import Testing

/// The validator that other tests rest on, on schemas of one line.
@Suite struct JSONSchemaTests {
  private func violations(
    _ schema: String, _ value: String, exactly: Bool = false
  ) throws -> [String] {
    try JSONSchema(Data(schema.utf8))
      .violations(in: JSONValue(Data(value.utf8)), exactly: exactly)
  }

  @Test(
    "Every keyword lets a value pass, and refuses another",
    arguments: [
      (#"{"type": "null"}"#, "null", "0"), (#"{"type": "boolean"}"#, "false", "0"),
      (#"{"type": "integer"}"#, "3.0", "3.5"), (#"{"type": "number"}"#, "1e-3", "true"),
      (#"{"type": "string"}"#, #""1""#, "1"), (#"{"type": "array"}"#, "[]", "{}"),
      (#"{"type": "object"}"#, "{}", "[]"), (#"{"type": ["string", "null"]}"#, "null", "1"),
      (#"{"const": 1}"#, "1", "2"), (#"{"const": null}"#, "null", "0"),
      (#"{"enum": ["x", null]}"#, "null", #""z""#), (#"{"enum": ["x", 1]}"#, "1", "true"),
      (#"{"minimum": 0}"#, "0", "-1"), (#"{"pattern": "^[0-9]{2}$"}"#, #""12""#, #""123""#),
      (#"{"items": {"type": "number"}}"#, "[1, 2]", #"[1, "2"]"#),
      (#"{"minItems": 2}"#, "[1, 2]", "[1]"), (#"{"maxItems": 1}"#, "[1]", "[1, 2]"),
      (#"{"required": ["a"]}"#, #"{"a": null}"#, #"{"b": 1}"#),
      (#"{"properties": {"a": {"type": "number"}}}"#, #"{"b": "1"}"#, #"{"a": "1"}"#),
      (
        #"{"properties": {"a": {}}, "additionalProperties": {"type": "number"}}"#,
        #"{"a": "1", "b": 1}"#, #"{"b": "1"}"#
      ),
      (#"{"anyOf": [{"type": "null"}, {"minimum": 3, "type": "number"}]}"#, "3", "2"),
      (##"{"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}"##, "null", "1"),
      (##"{"$ref": "#/$defs/a", "minimum": 2, "$defs": {"a": {"type": "number"}}}"##, "2", "1"),
    ] as [(String, String, String)])
  func keywords(schema: String, good: String, bad: String) throws {
    #expect(try violations(schema, good) == [])
    #expect(try violations(schema, bad).count == 1)
  }

  @Test("A violation names its place")
  func place() throws {
    let schema = #"{"properties": {"a": {"items": {"required": ["b"]}}}}"#
    #expect(try violations(schema, #"{"a": [{"b": 1}, {}]}"#) == ["/a/1: 'b' is missing"])
  }

  @Test("Keys that are not described are violations where that is asked")
  func exactly() throws {
    let schema = #"{"type": "object", "properties": {"a": {}}}"#
    #expect(try violations(schema, #"{"a": 1, "b": 2}"#) == [])
    #expect(
      try violations(schema, #"{"a": 1, "b": 2}"#, exactly: true) == ["/: 'b' is not described"])
    #expect(try violations(#"{"type": "object"}"#, #"{"b": 2}"#, exactly: true) == [])
  }

  @Test(
    "What the validator does not know, at any depth, is an error",
    arguments: [
      #"{"oneOf": []}"#, #"{"properties": {"a": {"items": {"format": "date"}}}}"#,
      #"{"$defs": {"a": {"maximum": 1}}}"#, #"{"type": "float"}"#, #"{"required": "a"}"#,
      #"{"additionalProperties": false}"#, ##"{"$ref": "#/$defs/a"}"##, "true",
      ##"{"items": {"$ref": "other.json#/$defs/a"}, "$defs": {"a": {}}}"##,
    ])
  func unknown(schema: String) {
    #expect(throws: DecodingError.self) { try JSONSchema(Data(schema.utf8)) }
  }
}
