import Foundation
import Testing

@Suite struct LongRunTests {
  @Test(
    "A run that is interrupted and resumed gives the bytes and history of one that is not",
    arguments: [
      ("sirt", false), ("sart", false), ("os-sart", false), ("cgls", false), ("mlem", false),
      ("sirt --extend 6 --multiresolution", false),
      ("cgls", true), ("sirt --stop-change 1e-9", true), ("tv-sart", false),
      ("asd-pocs --noise 1e-4", false), ("cs --mu 0.1 --stop-change 0", false),
      ("cs --choose held-out-tilts --stop-change 0", false),
      ("cs --mu 0.1 --stop-change 0 --psf gaussian:1px", false), ("sart --psf gaussian:1px", false),
      ("tv-sart --choose halving --noise 0.3", false),
      ("asd-pocs --choose halving --noise 0.3", false),
      ("dart --levels 3 --inner-iterations 2", false),
    ])
  func resumed(method: String, inGroups: Bool) throws {
    let shop = try furnished()
    var line = "\(Self.line) --method \(method) --iterations 1500"
    if inGroups {
      let plan = try shop.done("\(line) --out whole.tif --dry-run --json").json()
      line += " --max-memory \(try #require(plan["memoryBytes"] as? Int) - 1)"
    }
    try shop.done("\(line) --out whole.tif")
    try pause(shop, "\(line) --checkpoint-every 3 --out parts.tif")
    try shop.done("\(line) --resume --out parts.tif")
    #expect(try shop.bytes("parts.tif") == shop.bytes("whole.tif"))
    let (whole, parts) = (try shop.sidecar("whole.json"), try shop.sidecar("parts.json"))
    for key in [
      "history", "settings", "iterations", "stopReason", "lambdaChoice", "inputs", "geometry",
    ] {
      #expect(try text(whole[key]) == text(parts[key]), "\(key)")
    }
    #expect(whole.keys.sorted() == parts.keys.sorted())
    #expect(!(parts["command"] as? [String] ?? []).contains("--resume"))
    #expect(try shop.files().filter { $0.contains("checkpoint") || $0.contains("scratch") } == [])
    try shop.done("replay parts.json")
  }

  @Test("A checkpoint is refused by any other run, which is told what differs")
  func otherRuns() throws {
    let shop = try furnished()
    try shop.done("simulate beads.json --size 20,40,16 --tilts -50:70:10 --out other.tif")
    let line = "\(Self.line) --iterations 30000 --out r.tif"
    try pause(shop, "\(line) --checkpoint-every 5")
    let left = try shop.bytes("r.tif.checkpoint")
    let again = try shop.run("\(line) --checkpoint-every 5")
    #expect(again.code == 64 && again.err.contains("--resume"))
    for (change, words) in [
      ("--relaxation 0.5", "setting relaxation is 1,"), ("--iterations 60", "iterationLimit"),
      ("--method cgls", "its method is sirt"), ("--depth 20", "depth is 16"),
      ("--tilts -60:0:5", "tilts"), ("--tilt-offset 1", "tilts"), ("--z-offset 2", "z offset"),
      ("--psf gaussian:1px", "point spread"),
      ("--upper-bound 9", "setting upperBound is not given"), ("--init r0.tif", "start volume"),
      ("--replace-nonfinite 0", "replacement of pixels"),
    ] {
      if change.contains("r0") { try shop.done("\(Self.line) --iterations 1 --out r0.tif") }
      let outcome = try shop.run("\(line) --resume \(change)")
      #expect(outcome.code == 65 && outcome.err.contains(words), "\(change): \(outcome.err)")
    }
    let other = try shop.run(
      "\(line) --resume".replacingOccurrences(of: "series.tif", with: "other.tif"))
    #expect(other.code == 65 && other.err.contains("its series is"), "\(other.err)")
    #expect(try shop.bytes("r.tif.checkpoint") == left)
    try shop.write("nothing", to: "r.tif.checkpoint")
    let damaged = try shop.run("\(line) --resume")
    #expect(damaged.code == 65 && damaged.err.contains("checkpoint"))
  }

  @Test("A kept run whose λ was chosen by one rule does not go on under another")
  func otherRule() throws {
    let shop = try furnished()
    let line = "\(Self.line) --method cs --iterations 90000 --stop-change 0 --out r.tif"
    try pause(shop, "\(line) --choose held-out-tilts --checkpoint-every 5")
    let other = try shop.run("\(line) --choose l-curve --resume")
    #expect(other.code == 65 && other.err.contains("setting choose"), "\(other.err)")
  }

  @Test("A run that is killed while λ is chosen goes on with the trials that it has made")
  func killedInTheSearch() throws {
    let shop = try furnished()
    let line = "\(Self.line) --method cs --choose gcv --regulariser gradient --unconstrained"
    try shop.done("\(line) --out whole.tif")
    let process = try shop.start("\(line) --checkpoint-every 1000 --out parts.tif")
    // The first checkpoint has no trial, and hence no field.
    let limit = Date(timeIntervalSinceNow: 20)
    while (try? shop.bytes("parts.tif.checkpoint").count) ?? 0 < 10_000, Date() < limit {
      Thread.sleep(forTimeInterval: 0.001)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try shop.done("\(line) --threads 1 --resume --out parts.tif")
    #expect(try shop.bytes("parts.tif") == shop.bytes("whole.tif"))
    #expect(try shop.bytes("parts.lambda.csv") == shop.bytes("whole.lambda.csv"))
  }

  @Test("A run goes on with other threads in as many slabs as before, or says what that needs")
  func otherThreads() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --size 20,70,16 --tilts -60:60:10 --out series.tif")
    let line = "\(Self.line) --iterations 1500 --stop-change 0"
    func memory(threads: Int) throws -> Int {
      let plan = try shop.done("\(line) --threads \(threads) --out p.tif --dry-run --json").json()
      return try #require(plan["memoryBytes"] as? Int)
    }
    try shop.done("\(line) --out whole.tif")
    let (few, many) = (try memory(threads: 1), try memory(threads: 8))
    // Eight threads leave no room for all slabs, and one does.
    let tight = "\(line) --max-memory \(many - 1) --out parts.tif"
    try pause(shop, "\(tight) --threads 8 --checkpoint-every 3")
    try shop.done("\(tight) --threads 1 --resume")
    #expect(try shop.bytes("parts.tif") == shop.bytes("whole.tif"))
    let wide = "\(line) --max-memory \(few) --out wide.tif"
    try pause(shop, "\(wide) --threads 1 --checkpoint-every 3")
    let outcome = try shop.run("\(wide) --threads 8 --resume")
    #expect(outcome.code == 64 && outcome.err.contains("--max-memory"), "\(outcome.err)")
    try shop.done("\(wide) --threads 1 --resume")
    #expect(try shop.bytes("wide.tif") == shop.bytes("whole.tif"))
  }

  @Test("Without a checkpoint, or with a method that keeps none, nothing is begun")
  func nothingToGoOnFrom() throws {
    let shop = try furnished()
    let before = try shop.files()
    let missing = try shop.run("\(Self.line) --resume --out r.tif")
    #expect(missing.code == 66 && missing.err.contains("r.tif.checkpoint"))
    for method in ["fbp", "cs --solver fista"] {
      let outcome = try shop.run(
        "\(Self.line) --method \(method) --checkpoint-every 2 --out r.tif")
      #expect(outcome.code == 64 && outcome.err.contains("cannot continue from a checkpoint"))
    }
    #expect(try shop.run("\(Self.line) --checkpoint-every 0 --out r.tif").code == 64)
    #expect(try shop.files() == before)
  }

  @Test(
    "Margins and coarse starts go with nothing that is as large as the result",
    arguments: [
      "--extend 4 --init r.tif", "--extend 4 --mask r.tif", "--extend 0", "--extend 4 --method fbp",
      "--multiresolution --init r.tif", "--multiresolution --mask r.tif",
      "--multiresolution --method osem --background 2", "--multiresolution --method cs",
      "--multiresolution --method fbp", "--multiresolution --max-memory 30M",
    ])
  func refused(words: String) throws {
    let shop = try furnished()
    let outcome = try shop.run("\(Self.line) --out r2.tif \(words)")
    #expect(outcome.code == 64 && outcome.err.contains(words.split(separator: " ")[0]))
    #expect(try !shop.files().contains { $0.hasPrefix("r2") })
  }

  private static let line = "reconstruct series.tif --tilts -60:60:10 --depth 16 --quiet"

  /// Two slabs.
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("simulate beads.json --size 20,40,16 --tilts -60:60:10 --out series.tif")
    return shop
  }

  private func text(_ value: Any?) throws -> Data {
    try JSONSerialization.data(
      withJSONObject: try #require(value), options: [.sortedKeys, .fragmentsAllowed])
  }

  /// Interrupts a run once it has kept a checkpoint.
  private func pause(_ shop: Workshop, _ line: String) throws {
    let process = try shop.start(line)
    let limit = Date(timeIntervalSinceNow: 20)
    while try !shop.files().contains(where: { $0.hasSuffix(".checkpoint") }), Date() < limit {
      Thread.sleep(forTimeInterval: 0.001)
    }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    let outcome = try shop.outcome(of: process)
    #expect(outcome.code == 75 && outcome.err.contains("--resume"), "\(outcome.err)")
  }
}
