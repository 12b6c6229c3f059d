import Foundation
import Testing

@Suite struct InterruptionTests {
  @Test("An interrupted run ends with 130 and leaves nothing", arguments: [SIGINT, SIGTERM])
  func inMemory(signal: Int32) throws {
    let shop = try furnished()
    let before = try shop.files()
    let process = try shop.start("\(Self.line) --out r.tif")
    try waitUntilWatching(process)
    Thread.sleep(forTimeInterval: 0.2)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let outcome = try shop.outcome(of: process)
    #expect(outcome.code == 130 && outcome.err.contains("interrupted"))
    #expect(try shop.files() == before)
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
    return shop
  }

  /// Waits until the command watches for interruptions itself.
  private func waitUntilWatching(_ process: Process) throws {
    let status = URL(fileURLWithPath: "/proc/\(process.processIdentifier)/status")
    let limit = Date(timeIntervalSinceNow: 20)
    while Date() < limit {
      guard let text = try? String(contentsOf: status, encoding: .utf8) else { break }
      let words = text.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }?.split(
        separator: "\t")
      let blocked = words?.last.flatMap { UInt64($0, radix: 16) } ?? 0
      if blocked & (1 << 1) != 0 && blocked & (1 << 14) != 0 { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    Thread.sleep(forTimeInterval: 1)
  }
}
