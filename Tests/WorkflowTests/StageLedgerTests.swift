import Foundation
import Testing
import Workflow

@Suite struct StageLedgerTests {
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("ledger-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let path = folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("A stage stands while command, inputs and outputs are the same, and no longer")
  func stands() throws {
    let (input, output) = (try write("in", "a"), try write("out", "b"))
    var ledger = StageLedger(folder: folder)
    #expect(!ledger.stands("s", ["x"], inputs: [input]))
    try ledger.keep("s", ["x"], inputs: [input], outputs: [output], seconds: 1)
    let again = StageLedger(folder: folder)
    #expect(again.stands("s", ["x"], inputs: [input]))
    #expect(!again.stands("s", ["y"], inputs: [input]))
    #expect(!again.stands("t", ["x"], inputs: [input]))
    #expect(!again.stands("s", ["x"], inputs: [input, output]))
    _ = try write("other", "a")
    #expect(!again.stands("s", ["x"], inputs: [input]))
    _ = try write("in", "a")
    #expect(again.stands("s", ["x"], inputs: [input]))
    try FileManager.default.removeItem(atPath: output)
    #expect(!again.stands("s", ["x"], inputs: [input]))
  }

  @Test("A forgotten stage does not stand, on disk either")
  func forget() throws {
    let output = try write("out", "b")
    var ledger = StageLedger(folder: folder)
    try ledger.keep("s", [], inputs: [], outputs: [output], seconds: 1)
    try ledger.forget("s")
    #expect(!ledger.stands("s", [], inputs: []))
    #expect(!StageLedger(folder: folder).stands("s", [], inputs: []))
  }

  @Test("A ledger that is no ledger counts as none")
  func foreign() throws {
    _ = try write("{\"a\": 1", "stages.json")
    #expect(StageLedger(folder: folder).entries.isEmpty)
  }
}
