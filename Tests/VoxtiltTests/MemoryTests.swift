import Foundation
import Testing

/// What happens where memory is short.
@Suite struct MemoryTests {
  @Test("A process that dies inside ends with 70 and one sentence", arguments: [SIGILL, SIGSEGV])
  func crash(signal: Int32) throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --size 20,70,16 --tilts -60:60:10 --out series.tif")
    let process = try shop.start(
      "reconstruct series.tif --tilts -60:60:10 --iterations 100000 --stop-change 0 --out r.tif --quiet"
    )
    Thread.sleep(forTimeInterval: 0.5)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let outcome = try shop.outcome(of: process)
    #expect(outcome.code == 70)
    #expect(outcome.err.hasPrefix("voxtilt: ") && outcome.err.contains("memory"))
    #expect(outcome.err.split(separator: "\n").count == 1)
    #expect(try shop.files().contains { $0.hasPrefix("r.") } == false)
  }

  @Test(
    "A plan with a report covers the measuring of quality, and is refused where that does not fit")
  func report() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:5 --out s.tif")
    let line = "reconstruct s.tif --tilts -60:60:5 --depth 28 --method fbp --out v.tif"
    let plain = try shop.done("\(line) --dry-run --json").json()["memoryBytes"] as? Int
    let report = try shop.done("\(line) --report --dry-run --json").json()["memoryBytes"] as? Int
    let (less, more) = (try #require(plain), try #require(report))
    #expect(less < more)
    let refused = try shop.run("\(line) --report --max-memory \(more - 1)")
    #expect(refused.code == 64 && refused.err.contains("--max-memory"))
    try shop.done("\(line) --report --max-memory \(more) --quiet")
  }
}
