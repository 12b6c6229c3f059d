import Foundation
import Records
import Testing

@Suite struct RecordedTests {
  private struct Result: Codable, Hashable {
    var count = 1
    @Nullable var level: Double?
    @Nullable var names: [String]?
    var note: String?
  }

  private func object(_ value: some Encodable) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: try JSONText(value).data)
    return try #require(object as? [String: Any])
  }

  @Test("Unknown values are null, unknown notes are left out, and both are read again")
  func nullable() throws {
    let unknown = try object(Result())
    #expect(Set(unknown.keys) == ["count", "level", "names"] && unknown["level"] is NSNull)
    let infinite = Result(level: .infinity)
    #expect(try JSONText(infinite).undefined == ["level"])
    for value in [Result(), Result(count: 2, level: 0.5, names: ["a"], note: "b")] {
      #expect(try JSONDecoder().decode(Result.self, from: JSONText(value).data) == value)
    }
    #expect(try JSONDecoder().decode(Result.self, from: Data(#"{"count": 1}"#.utf8)) == Result())
  }

  @Test("A value of any type is written as it is, or as null")
  func anything() throws {
    struct Choice: Encodable {
      @NullableAny var value: (any Encodable & Sendable)?
    }
    #expect(try object(Choice())["value"] is NSNull)
    #expect(try object(Choice(value: ["rule": 3]))["value"] as? [String: Int] == ["rule": 3])
  }

  @Test("The keys of a result stand among those of its record, which has the head that is asked")
  func record() throws {
    let whole = try object(Recorded(Result(), command: ["lab"], warnings: ["one"]))
    #expect(
      Set(whole.keys) == [
        "voxtilt", "processor", "directory", "command", "inputs", "warnings", "count", "level",
        "names",
      ])
    #expect(whole["voxtilt"] as? String == Build.version)
    var part = Recorded(
      Result(), command: ["plan"], warnings: ["one"], keys: [.voxtilt, .seconds, .notes],
      lasting: [])
    part.count = 7
    let told = try object(part)
    #expect(Set(told.keys) == ["voxtilt", "seconds", "notes", "count", "level", "names"])
    #expect(told["notes"] as? [String] == ["one"] && told["seconds"] is NSNull)
    #expect(told["count"] as? Int == 7 && part.lastingWarnings.isEmpty)
  }

  @Test("The version is one of SemVer")
  func version() {
    #expect(Build.version.wholeMatch(of: /\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?/) != nil)
  }
}
