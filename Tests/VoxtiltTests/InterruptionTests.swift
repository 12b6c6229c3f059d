import Foundation
import Testing

@Suite struct InterruptionTests {
  @Test(
    "An interrupted command ends with 130 and leaves nothing, whatever threads libraries have started",
    arguments: [SIGINT, SIGTERM, SIGHUP],
    [
      "\(Self.line) --out r.tif",
      "\(Self.line) --method cs --choose held-out-tilts --out r.tif",
      "align wide.tif --tilts -60:60:5 --method tv --iterations 20000 --rounds 1 --out r.tif",
      "plan --phantom beads.json --voxel-size 1 --dose 1e5 --range 60 --counts 5,9,15 --repeats 50 --out r",
    ])
  func inMemory(signal: Int32, line: String) throws {
    let shop = try furnished()
    let before = try shop.files()
    let process = try shop.start(line)
    try waitUntilWatching(process)
    Thread.sleep(forTimeInterval: 0.3)
    #expect(process.isRunning, "the run is over before its signal")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let outcome = try shop.outcome(of: process)
    #expect(outcome.code == 130 && outcome.err.contains("interrupted"), "\(outcome)")
    #expect(try shop.files() == before)
  }

  @Test("A signal that the parent ignores stays ignored", arguments: ["INT", "TERM", "HUP"])
  func ignored(signal: String) throws {
    let shop = try furnished()
    let line = "\(Self.line) --method sirt --out r.tif".replacing("100000", with: "4000")
    let process = try shop.start(
      line, through: ["/bin/sh", "-c", "trap '' \(signal); exec \"$0\" \"$@\""])
    try waitUntilWatching(process)
    Thread.sleep(forTimeInterval: 0.1)
    let numbers: [String: Int32] = ["INT": SIGINT, "TERM": SIGTERM, "HUP": SIGHUP]
    kill(process.processIdentifier, try #require(numbers[signal]))
    process.waitUntilExit()
    #expect(try shop.outcome(of: process).code == 0)
  }

  @Test("A run that keeps a checkpoint keeps it at once where it is asked twice")
  func twice() throws {
    let shop = try furnished()
    let process = try shop.start("\(Self.line) --checkpoint-every 1 --out r.tif")
    try waitUntilWatching(process)
    Thread.sleep(forTimeInterval: 0.3)
    for _ in 0..<2 { kill(process.processIdentifier, SIGTERM) }
    process.waitUntilExit()
    #expect(try shop.outcome(of: process).code == 75)
    #expect(try shop.files().filter { $0.hasPrefix("r") } == ["r.tif.checkpoint"])
  }

  @Test("A run with scratch files removes them when it is interrupted")
  func withScratch() throws {
    let shop = try furnished()
    let before = try shop.files()
    let plan = try shop.done("\(Self.line) --out r.tif --dry-run --json").json()
    let whole = try #require(plan["memoryBytes"] as? Int)
    let process = try shop.start("\(Self.line) --max-memory \(whole - 1) --out r.tif")
    try waitUntilWatching(process)
    let limit = Date(timeIntervalSinceNow: 20)
    while try shop.files() == before, Date() < limit { Thread.sleep(forTimeInterval: 0.01) }
    #expect(try shop.files().contains { $0.hasPrefix("r.tif.scratch") })
    Thread.sleep(forTimeInterval: 0.2)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(try shop.outcome(of: process).code == 130)
    #expect(try shop.files() == before)
  }

  private static let line =
    "reconstruct series.tif --tilts -60:60:10 --depth 16 --iterations 100000 --stop-change 0"

  /// Three slabs.
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("simulate beads.json --size 20,70,16 --tilts -60:60:10 --out series.tif")
    try shop.done("simulate beads.json --size 48,48,48 --tilts -60:60:5 --out wide.tif")
    return shop
  }

  /// Waits until the command watches for interruptions itself: until one of its signals is caught or ignored.
  private func waitUntilWatching(_ process: Process) throws {
    let status = URL(fileURLWithPath: "/proc/\(process.processIdentifier)/status")
    let limit = Date(timeIntervalSinceNow: 20)
    while Date() < limit {
      guard let text = try? String(contentsOf: status, encoding: .utf8) else { break }
      let words = text.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(
        separator: "\t")
      let caught = words?.last.flatMap { UInt64($0, radix: 16) } ?? 0
      if caught & (1 << 0 | 1 << 1 | 1 << 14) != 0 && text.contains("voxtilt") { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    Thread.sleep(forTimeInterval: 1)
  }
}
