import Foundation
import Testing

/// Commands of many steps that are killed at any moment and run again, each time with other threads.
@Suite struct KilledRunTests {
  @Test("A pipeline that is killed again and again ends with the bytes of one that is not")
  func pipeline() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --noise 1% --voxel-size 0.5 --seed 3 --out s.mrc --quiet"
    )
    try shop.write((0..<29).map { "\(5 * $0 - 70)\n" }.joined(), to: "s.rawtlt")
    let line = "pipeline s.mrc --prepare --hot-pixels --align none --quick --quiet"
    try disturb(shop, "\(line) --reconstruct=--method=sirt")
    for name in ["ready.mrc", "volume.mrc"] {
      let parts = try ["whole", "parts"].map { try shop.bytes("\($0)/s.voxtilt/\(name)") }
      #expect(parts[0] == parts[1], "\(name)")
    }
    let report = String(decoding: try shop.bytes("parts/s.voxtilt/volume.html"), as: UTF8.self)
    #expect(report.hasSuffix("</html>\n"))
    try shop.done("replay parts/s.voxtilt/volume.json --out again.mrc --quiet")
  }

  @Test("A plan that is killed again and again ends with the figures of one that is not")
  func plan() throws {
    let shop = try Workshop()
    try disturb(
      shop,
      """
      plan --phantom beads.json --size 24,8,24 --voxel-size 1 --dose 900 --range 70 --counts 21,7 \
      --repeats 2 --quiet
      """)
    for name in ["rmse.svg", "resolution.svg"] {
      #expect(try shop.bytes("parts/\(name)") == shop.bytes("whole/\(name)"), "\(name)")
    }
    // The last column is the time.
    let tables = try ["whole", "parts"].map { name in
      String(decoding: try shop.bytes("\(name)/plan.csv"), as: UTF8.self)
        .split(whereSeparator: \.isNewline).map { $0.split(separator: ",").dropLast() }
    }
    #expect(tables[0] == tables[1] && tables[0].count > 2)
  }

  /// Runs a line into the folder `whole`, and into `parts` with kills at moments of chance.
  private func disturb(_ shop: Workshop, _ line: String) throws {
    let clock = ContinuousClock()
    let length = try clock.measure { try shop.done("\(line) --threads 2 --out whole") }
    for attempt in 0..<24 {
      let threads = [1, 7, 2][attempt % 3]
      let process = try shop.start("\(line) --threads \(threads) --out parts")
      Thread.sleep(forTimeInterval: .random(in: 0...1) * (length / .seconds(1)))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try shop.done("\(line) --threads 7 --out parts")
  }
}
