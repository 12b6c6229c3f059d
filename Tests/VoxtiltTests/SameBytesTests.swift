import Foundation
import Testing

@Suite struct SameBytesTests {
  @Test(
    "Threads and memory change no byte",
    arguments: [
      "--method fbp", "--method sirt --iterations 5",
      "--method sirt --iterations 9 --stop-change 0.2",
      "--method sirt --iterations 4 --init start.tif --non-negative --rays strip",
      "--method sirt --iterations 9 --noise 0.4 --init start.tif",
    ], ["y", "x"])
  func threadsAndMemory(options: String, axis: String) throws {
    let shop = try Workshop()
    // 70 slices make three slabs.
    try shop.done(
      """
      simulate beads.json --size 20,70,16 --tilts -60:60:8 --tilt-axis \(axis) --noise 3% \
      --out series.tif
      """)
    let line = "reconstruct series.tif --tilts -60:60:8 --tilt-axis \(axis) --depth 16"
    if options.contains("start.tif") {
      try shop.done("\(line) --iterations 1 --out start.tif")
    }
    let plan = try shop.done("\(line) \(options) --threads 2 --out a.tif --dry-run --json").json()
    let whole = try #require(plan["memoryBytes"] as? Int)
    try shop.done("\(line) \(options) --threads 1 --out a.tif")
    let bytes = try shop.bytes("a.tif")
    var groupCounts: Set<Int> = []
    // One of three slabs takes 4 · 32 · (16 · 20 + 2 · 16 · 20) bytes.
    for (name, limit) in [("b", whole - 1), ("c", whole - 200_000)] {
      let run = "\(line) \(options) --threads 2 --max-memory \(limit) --out \(name).tif"
      let groups = try shop.done(run + " --dry-run --json").json()["groups"] as? Int
      groupCounts.insert(try #require(groups))
      try shop.done(run)
      #expect(try shop.bytes("\(name).tif") == bytes, "\(limit) bytes")
    }
    #expect(groupCounts == [2, 3] || groupCounts == [3])
    #expect(try !shop.files().contains { $0.hasSuffix(".partial") })
  }

  @Test("A stop rule ends a run before its limit, and the sidecar says why")
  func stopReason() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:8 --noise 0.2 --out series.tif")
    let line = "reconstruct series.tif --tilts -60:60:8 --iterations 60"
    try shop.done("\(line) --noise 0.3 --out n.tif")
    try shop.done("\(line) --stop-change 0.1 --out c.tif")
    try shop.done("\(line) --out l.tif")
    for (name, reason) in [("n", "noiseReached"), ("c", "settled"), ("l", "iterationLimit")] {
      let sidecar = try shop.sidecar("\(name).json")
      #expect(sidecar["stopReason"] as? String == reason)
      let iterations = try #require(sidecar["iterations"] as? Int)
      #expect((sidecar["history"] as? [Any])?.count == iterations)
      #expect((iterations == 60) == (name == "l"), "\(name): \(iterations)")
    }
  }
}
