import Foundation
import Reconstruction
import Testing

@Suite("ReconstructionReport")
struct ReconstructionReportTests {
  let settings: [String: Setting] = [
    "cutoff": .number(0.8), "iterationLimit": .count(50), "nonNegative": .flag(true),
    "window": .text("ram-lak"), "level": .number(1e-12), "off": .flag(false),
  ]

  @Test("settings come back from JSON as they were")
  func settingsRoundTrip() throws {
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode([String: Setting].self, from: data) == settings)
  }

  @Test("a whole number is written without a fraction and read as a count")
  func wholeNumbers() throws {
    let encoder = JSONEncoder()
    let data = try encoder.encode([Setting.number(1), .count(1)])
    #expect(String(decoding: data, as: UTF8.self) == "[1,1]")
    let read = try JSONDecoder().decode([Setting].self, from: data)
    #expect(read == [.count(1), .count(1)])
    #expect(try encoder.encode(read) == data)
  }

  @Test("lists and groups are settings, null is none")
  func nested() throws {
    let text = Data(#"[[1, "a"], {"b": true}]"#.utf8)
    let read = try JSONDecoder().decode([Setting].self, from: text)
    #expect(read == [.list([.count(1), .text("a")]), .group(["b": .flag(true)])])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Setting].self, from: Data("[null]".utf8))
    }
  }

  @Test("every error names the culprit and the cure")
  func errors() {
    #expect("\(ReconstructionError.relaxation(2))".contains("2.0"))
    #expect("\(ReconstructionError.startNotUsed("fbp"))".contains("--init"))
    #expect("\(ReconstructionError.iterations(0))".contains("at least 1"))
    #expect("\(ReconstructionError.tolerance(-1))".contains("-1.0"))
  }
}
