import Foundation
import Testing

@Suite struct ResultDoorTests {
  private static let line = "reconstruct series.tif --tilts -60:60:10 --depth 16 --out r.tif"

  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("simulate beads.json --size 20,70,16 --tilts -60:60:10 --out series.tif")
    try shop.write("1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n", to: "weights.txt")
    try shop.write((-6...6).map { "\($0 * 10)\n" }.joined(), to: "series.rawtlt")
    return shop
  }

  @Test(
    "An input that changes during the run is named, and nothing is kept",
    arguments: ["series.tif", "series.rawtlt", "weights.txt"], [true, false])
  func changedInput(name: String, isReplaced: Bool) throws {
    let shop = try furnished()
    let before = try shop.files()
    let process = try shop.start(
      "reconstruct series.tif --tilts series.rawtlt --depth 16 --method cs --lambda 0.01 "
        + "--tilt-weights weights.txt --iterations 3000 --stop-change 0 --checkpoint-every 1 "
        + "--out r.tif")
    // Once there is a checkpoint everything has been read.
    let limit = Date(timeIntervalSinceNow: 30)
    while try !shop.files().contains("r.tif.checkpoint"), Date() < limit {
      Thread.sleep(forTimeInterval: 0.01)
    }
    try #require(process.isRunning, "the run is over too early")
    let url = URL(fileURLWithPath: shop.path(name))
    var bytes = try Data(contentsOf: url)
    bytes[bytes.count - 2] ^= 1
    if isReplaced {
      try bytes.write(to: url, options: .atomic)
    } else {
      let file = try FileHandle(forWritingTo: url)
      try file.write(contentsOf: bytes)
      try file.close()
    }
    process.waitUntilExit()
    let outcome = try shop.outcome(of: process)
    #expect(outcome.code == 65 && outcome.err.contains(name), "\(outcome)")
    #expect(try shop.files().filter { $0 != "r.tif.checkpoint" } == before)
  }

  @Test("An input that is removed during the run is no reason to lose the result")
  func removedInput() throws {
    let shop = try furnished()
    let process = try shop.start("\(Self.line) --iterations 3000 --stop-change 0")
    Thread.sleep(forTimeInterval: 0.3)
    try FileManager.default.removeItem(atPath: shop.path("series.tif"))
    process.waitUntilExit()
    #expect(try shop.outcome(of: process).code == 0)
    let warnings = try shop.sidecar("r.json")["warnings"] as? [String] ?? []
    #expect(warnings.contains { $0.contains("'series.tif' was removed") })
  }

  @Test(
    "Files of others are not overwritten, and --force overwrites them",
    arguments: [
      ("phantom beads.json --out o.tif", ["o.tif", "o.json"]),
      (
        "\(line.replacing("r.tif", with: "o.tif")) --method cs --choose held-out-tilts --iterations 3",
        ["o.tif", "o.json", "o.lambda.csv", "o.lambda.svg"]
      ),
      (
        "prepare series.tif --tilts -60:60:10 --bin 2 --out o.tif", ["o.tif", "o.json", "o.rawtlt"]
      ),
      ("check series.tif --tilts -60:60:10 --picture o.svg", ["o.svg"]),
      ("slices series.tif --out o.png", ["o.png"]),
      ("slices series.tif --sequence o", ["o-0003.png"]),
      ("wedge --tilts -60:60:10 --out o", ["o.coverage.svg", "o.coverage.png", "o.wedge.json"]),
      ("wedge --tilts -60:60:10 --size 9,9,9 --write-mask o.tif", ["o.tif", "o.json"]),
      ("fsc series.tif series.tif --out o", ["o.fsc.json", "o.fsc.csv", "o.fsc.svg"]),
      ("lab svd --out .", ["svd.json", "svd.csv", "svd.svg"]),
    ])
  func foreign(line: String, names: [String]) throws {
    let shop = try furnished()
    let before = try shop.files()
    for name in names {
      try shop.write("precious", to: name)
      let outcome = try shop.run(line)
      #expect([64, 73].contains(outcome.code) && outcome.err.contains(name), "\(outcome)")
      #expect(try String(decoding: shop.bytes(name), as: UTF8.self) == "precious")
      #expect(try shop.files() == (before + [name]).sorted(), "\(name)")
      try FileManager.default.removeItem(atPath: shop.path(name))
    }
    try shop.done(line)
    try shop.done(line)  // one's own results are no strangers
    for name in names { try shop.write("precious", to: name) }
    try shop.done("\(line) --force")
    for name in names {
      #expect(try String(decoding: shop.bytes(name), as: UTF8.self) != "precious")
    }
  }

  @Test("Names of 255 bytes are written, and what would be longer is refused before any work")
  func longNames() throws {
    let shop = try furnished()
    let name = String(repeating: "n", count: 251) + ".tif"
    try shop.done("phantom beads.json --out \(name)")
    #expect(try shop.files().contains(name))
    let line = "reconstruct series.tif --tilts -60:60:10 --depth 16 --out \(name)"
    try shop.done("\(line) --iterations 2 --force")
    let before = try shop.files()
    for more in ["--iterations 2 --checkpoint-every 1", "--method cs --choose held-out-tilts"] {
      let outcome = try shop.run("\(line) \(more)")
      #expect(outcome.code == 73 && outcome.err.contains("longer than 255 bytes"))
    }
    #expect(try shop.files() == before)
  }

  @Test("A pair that does not belong together is named by info, report, replay and the next run")
  func mismatch() throws {
    let shop = try furnished()
    try shop.done("\(Self.line) --iterations 2")
    let old = try shop.bytes("r.tif")
    try shop.done("\(Self.line) --iterations 3")
    try old.write(to: URL(fileURLWithPath: shop.path("r.tif")))
    let words = "do not belong together"
    #expect(try shop.done("info r.tif").err.contains(words))
    let warnings = try shop.done("info r.tif --json").json()["warnings"] as? [String]
    #expect(warnings?.count == 1)
    #expect(try shop.done("replay r.json").err.contains(words))
    try shop.done("report r.tif --quick")
    #expect(try String(decoding: shop.bytes("r.html"), as: UTF8.self).contains(words))
    try shop.done("\(Self.line) --iterations 3")
    #expect(try !shop.done("info r.tif").err.contains(words))
  }

  @Test("What cannot be printed ends with 74, and files are complete all the same")
  func unprintable() throws {
    let shop = try furnished()
    let shell = ["/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/full"]
    for line in ["info series.tif", "info series.tif --json", "--help", "\(Self.line) --json"] {
      let process = try shop.start(line, through: shell)
      process.waitUntilExit()
      let outcome = try shop.outcome(of: process)
      #expect(outcome.code == 74 && outcome.err.contains("Standard output"), "\(line)")
    }
    #expect(try shop.files().contains("r.tif") && shop.files().contains("r.json"))
  }

  @Test(
    "Notes that cannot be written end nothing, and go into no file",
    arguments: ["2>&-", "2>/dev/full", "2>&- >&- <&-"])
  func silent(streams: String) throws {
    let shop = try furnished()
    try shop.done("\(Self.line) --iterations 5")
    let bytes = try shop.bytes("r.tif")
    let process = try shop.start(
      "\(Self.line) --iterations 5",
      through: ["/bin/sh", "-c", "exec \"$0\" \"$@\" \(streams)"])
    process.waitUntilExit()
    #expect(try shop.outcome(of: process).code == 0)
    #expect(try shop.bytes("r.tif") == bytes)
  }

  @Test("A replay goes nowhere but where it is told, and shows what it runs")
  func hostile() throws {
    let shop = try furnished()
    try shop.done("\(Self.line) --iterations 3")
    let text = String(decoding: try shop.bytes("r.json"), as: UTF8.self)
    try shop.write("precious", to: "victim.tif")
    for words in [
      #""r.tif", "--out", "victim.tif""#, #""r.tif", "--out=victim.tif""#,
    ] {
      try shop.write(text.replacing(#""r.tif""#, with: words, maxReplacements: 1), to: "r.json")
      let outcome = try shop.run("replay r.json --out safe.tif")
      #expect(outcome.code == 65 && outcome.err.contains("--out twice"))
    }
    try shop.write(
      text.replacing("\"r.tif\"", with: "\"victim.tif\"", maxReplacements: 1), to: "r.json")
    let replayed = try shop.done("replay r.json")
    #expect(replayed.err.contains("voxtilt reconstruct series.tif"))
    #expect(try String(decoding: shop.bytes("victim.tif"), as: UTF8.self) == "precious")
    let refused = try shop.run("replay r.json --out victim.tif")
    #expect(refused.code == 73 && refused.err.contains("victim.tif"))
    #expect(try shop.run("replay r.json --out r.tif").code == 64)
  }

  @Test("What a killed run left is removed by the next one on that output, and said")
  func sweep() throws {
    let shop = try furnished()
    let process = try shop.start(
      "\(Self.line) --iterations 300000 --stop-change 0 --checkpoint-every 1")
    let limit = Date(timeIntervalSinceNow: 20)
    while try !shop.files().contains("r.tif.checkpoint"), Date() < limit {
      Thread.sleep(forTimeInterval: 0.01)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    for name in ["r.tif.scratch", "r.json", "r.lambda.csv"] {
      try shop.write("left", to: name + ".7.partial")
    }
    let outcome = try shop.run("\(Self.line) --iterations 3")
    #expect(outcome.code == 0 && outcome.err.contains("Removed 'r.tif.scratch.7.partial'"))
    #expect(try shop.files().filter { $0.hasSuffix(".partial") } == [])
  }
}
