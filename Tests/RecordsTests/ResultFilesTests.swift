import Files
import Foundation
import Records
import TestSupport
import Testing

@Suite struct ResultFilesTests {
  private struct Record: ResultRecord {
    let voxtilt = "0"
    let command = ["test"]
    var output: RecordedFile?
    var inputs: [RecordedFile] = []
    var warnings: [String] = []
    var figure = 1.0
  }

  /// Writes `r.tif` with `r.json`, and `r.csv` where it has a text.
  @discardableResult
  private func write(
    _ bench: Bench, _ text: String, table: String? = "a,b", figure: Double = 1,
    inputs: [Fingerprint] = [], overwrites: Bool = false
  ) throws -> Record {
    let files = try ResultFiles(
      bench.path("r.tif"), inputs: inputs.map(\.path), overwrites: overwrites)
    if let table { try files.add(Data(table.utf8), at: bench.path("r.csv")) }
    let stack = try OutputFile(path: bench.path("r.tif"), Array(text.utf8))
    let hash = try files.add(stack)
    return try files.finish(
      Record(
        output: RecordedFile(path: bench.path("r.tif"), sha256: hash),
        inputs: inputs.map { RecordedFile($0) }, figure: figure))
  }

  @Test("A result, what belongs to it and the record appear together, with hashes and a schema")
  func together() throws {
    let bench = try Bench()
    try write(bench, "stack")
    #expect(try bench.names() == ["r.csv", "r.json", "r.tif"])
    let object = try JSONSerialization.jsonObject(with: Data(bench.text("r.json").utf8))
    let record = try #require(object as? [String: Any])
    #expect(record["schema"] as? Int == 1)
    let written = try #require(record["written"] as? [[String: String]])
    #expect(written.map { $0["path"] } == ["r.csv", "r.tif"])
    #expect(written[0]["sha256"] == sha256(of: Array("a,b".utf8)))
    let earlier = try #require(EarlierRecord(at: bench.path("r.json")))
    #expect(earlier.mismatches == [] && earlier.output?.path == bench.path("r.tif"))
  }

  @Test("A result of voxtilt is replaced, and what it no longer has goes")
  func again() throws {
    let bench = try Bench()
    try write(bench, "one")
    try write(bench, "two", table: nil)
    #expect(try bench.names() == ["r.json", "r.tif"] && bench.text("r.tif") == "two")
    // A table that was changed by hand stays.
    try write(bench, "three")
    try bench.write("mine", to: "r.csv")
    try write(bench, "four", table: nil)
    #expect(try bench.names() == ["r.csv", "r.json", "r.tif"])
  }

  @Test("After a kill between two names the pair is found out, and is still ours")
  func killedBetween() throws {
    let bench = try Bench()
    try write(bench, "old")
    try bench.write("new", to: "r.tif")
    let earlier = try #require(EarlierRecord(at: bench.path("r.json")))
    #expect(earlier.mismatches == [bench.path("r.tif")])
    try write(bench, "newer")
    #expect(EarlierRecord(at: bench.path("r.json"))?.mismatches == [])
  }

  @Test("Foreign files are never overwritten, except by force", arguments: ["r.tif", "r.csv"])
  func foreign(name: String) throws {
    let bench = try Bench()
    try bench.write("precious", to: name)
    #expect(throws: RecordsError.foreign(path: bench.path(name))) { try write(bench, "new") }
    #expect(try bench.text(name) == "precious" && bench.names() == [name])
    try write(bench, "new", overwrites: true)
    #expect(try bench.names() == ["r.csv", "r.json", "r.tif"])
  }

  @Test("A record of something else is not overwritten")
  func foreignRecord() throws {
    let bench = try Bench()
    try bench.write("{}", to: "r.json")
    #expect(throws: RecordsError.sidecarIsForeign(sidecar: bench.path("r.json"))) {
      try write(bench, "new")
    }
  }

  @Test("Pictures and pages with the mark of voxtilt are ours, others are not")
  func marks() throws {
    let bench = try Bench()
    for (name, text, isOurs) in [
      ("a.svg", "<svg>\n<!-- generator: voxtilt -->", true), ("b.svg", "<svg>voxtilt", false),
      ("c.html", "<meta name=\"generator\" content=\"voxtilt 1\">", true),
      ("d.html", "<p>a report of voxtilt</p>", false),
    ] {
      try bench.write(text, to: name)
      let files = try ResultFiles(record: nil, inputs: [])
      let isTaken = (try? files.claim(bench.path(name))) != nil
      #expect(isTaken == isOurs, "\(name)")
    }
  }

  @Test("Where something fails before the names are given, the earlier pair is whole")
  func failure() throws {
    let bench = try Bench()
    let input = try bench.write("input", to: "in")
    let used = try Fingerprint(path: input)
    try write(bench, "old", inputs: [used])
    try bench.write("other", to: "in")
    #expect(throws: FileError.changed(path: input)) { try write(bench, "new", inputs: [used]) }
    #expect(try bench.names() == ["in", "r.csv", "r.json", "r.tif"])
    #expect(try bench.text("r.tif") == "old")
    #expect(EarlierRecord(at: bench.path("r.json"))?.mismatches == [])
  }

  @Test("A figure that is not finite, and an input that went, are told in the record")
  func warnings() throws {
    let bench = try Bench()
    let used = try Fingerprint(path: try bench.write("input", to: "in"))
    try FileManager.default.removeItem(atPath: bench.path("in"))
    let record = try write(bench, "new", figure: .nan, inputs: [used])
    #expect(record.warnings.count == 2)
    let object = try JSONSerialization.jsonObject(with: Data(bench.text("r.json").utf8))
    let found = try #require(object as? [String: Any])
    #expect(found["warnings"] as? [String] == record.warnings && found["figure"] is NSNull)
  }

  @Test("A folder of a study appears whole, and takes new files later")
  func studies() throws {
    let bench = try Bench()
    func fill(_ text: String, overwrites: Bool = false) throws {
      let study = try StudyFolder(
        bench.path("f"), record: "s.json", ["t.csv"], inputs: [], overwrites: overwrites)
      try study.fill { files, place in
        try files.add(Data(text.utf8), at: place + "/t.csv")
        try files.finish(Record())
      }
    }
    try fill("one")
    #expect(try bench.names() == ["f"] && bench.text("f/t.csv") == "one")
    try fill("two")
    #expect(try bench.text("f/t.csv") == "two")
    try FileManager.default.removeItem(atPath: bench.path("f/s.json"))
    #expect(throws: RecordsError.foreign(path: bench.path("f/t.csv"))) { try fill("three") }
    try fill("three", overwrites: true)
  }
}
