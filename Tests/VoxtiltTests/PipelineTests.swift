import Foundation
import Testing

@Suite struct PipelineTests {
  private static let short = "--prepare --hot-pixels --align none --quick"
  private static let quick = short + " --reconstruct=--method=fbp"

  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --noise 1% --voxel-size 0.5 --seed 3 --out s.mrc --quiet"
    )
    try shop.write((0..<29).map { "\(5 * $0 - 70)\n" }.joined(), to: "s.rawtlt")
    return shop
  }

  /// The stages that were run, and not kept.
  private func made(
    _ shop: Workshop, _ options: String = "", method: String = "fbp"
  ) throws -> [String] {
    let outcome = try shop.done(
      "pipeline s.mrc \(Self.short) --reconstruct=--method=\(method) --json \(options)")
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [[String: Any]])
    let stages = try #require(all.first?["stages"] as? [[String: Any]])
    return stages.filter { $0["isMade"] as? Bool == true }.compactMap { $0["stage"] as? String }
  }

  @Test("What stands is kept; a changed setting, a lost file and --from run the rest again")
  func kept() throws {
    let shop = try furnished()
    #expect(try made(shop) == ["check", "prepare", "reconstruct", "report"])
    #expect(try made(shop) == [])
    #expect(try made(shop, "--from report") == ["report"])
    #expect(try made(shop, method: "sirt") == ["reconstruct", "report"])
    try FileManager.default.removeItem(atPath: shop.path("s.voxtilt/ready.mrc"))
    // The same bytes come again, so that what was made of them stands.
    #expect(try made(shop, method: "sirt") == ["prepare"])
    let command = try #require(try shop.sidecar("s.voxtilt/ready.json")["command"] as? [String])
    #expect(command.first == "prepare" && command.contains("s.voxtilt/ready.mrc"))
    try shop.done("replay s.voxtilt/ready.json --out again.mrc --quiet")
    #expect(try shop.bytes("again.mrc") == shop.bytes("s.voxtilt/ready.mrc"))
  }

  @Test("A dry run names every command and leaves no file")
  func dry() throws {
    let shop = try furnished()
    let before = try shop.files()
    let outcome = try shop.done("pipeline s.mrc --dry-run")
    for stage in ["check", "prepare", "align", "reconstruct", "report"] {
      #expect(outcome.out.contains("to do      voxtilt \(stage) s"), "\(stage)")
    }
    #expect(try shop.files() == before)
  }

  @Test("The axis that check finds is taken, and said; one that is given wrongly stops the series")
  func axis() throws {
    let shop = try furnished()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --noise 1% --tilt-axis x --voxel-size 0.5 --out x.mrc --quiet"
    )
    try FileManager.default.removeItem(atPath: shop.path("x.json"))
    let found = try shop.done("pipeline x.mrc --tilts -70:70:5 \(Self.quick) --quiet")
    #expect(found.err.contains("runs along x"))
    let wrong = try shop.run(
      "pipeline x.mrc --tilts -70:70:5 --tilt-axis y --out w \(Self.quick) --quiet")
    #expect(wrong.code == 65 && wrong.err.contains("check: The series has 1 fault"))
    try shop.done(
      "pipeline x.mrc --tilts -70:70:5 --tilt-axis y --ignore-faults --out w \(Self.quick) --quiet")
  }

  @Test("An object that the field cuts gets room, and its total is left alone")
  func cut() throws {
    let shop = try furnished()
    let whole = try shop.done("pipeline s.mrc --dry-run")
    #expect(whole.out.contains("--normalise total") && !whole.out.contains("--extend"))
    try shop.done("prepare s.mrc --crop 9,0,14,12 --out cut.mrc --quiet")
    let said = try shop.done("pipeline cut.mrc --dry-run --ignore-faults")
    #expect(said.err.contains("wider than the field"))
    #expect(said.out.contains("--extend auto") && !said.out.contains("--normalise"))
    try shop.done(
      "reconstruct cut.mrc --method sirt --iterations 2 --extend auto --depth 14 --out v.mrc --quiet"
    )
    let settings = try #require(try shop.sidecar("v.json")["settings"] as? [String: Any])
    // 14 bins and 14 deep at 70°: 13.5 + 19.2 beyond either side, 14 at most.
    #expect(settings["extend"] as? Int == 14)
    #expect(try shop.run("reconstruct cut.mrc --extend some --out w.mrc").code == 64)
  }

  @Test("One series that fails stops no other, and the summary names it")
  func many() throws {
    let shop = try furnished()
    try shop.write("no stack", to: "bad.mrc")
    let outcome = try shop.run(
      "pipeline bad.mrc s.mrc gone.mrc --out all --summary s.csv \(Self.quick) --quiet")
    #expect(outcome.code == 65 && outcome.err.contains("2 of 3 series failed"))
    let lines = String(decoding: try shop.bytes("s.csv"), as: UTF8.self).split(separator: "\r\n")
    #expect(lines.count == 4 && lines[1].hasPrefix("bad.mrc,,") && lines[1].contains("check: "))
    #expect(lines[2].hasPrefix("s.mrc,all/s.voxtilt/volume.mrc,"))
    #expect(try !shop.files().contains("all/bad.voxtilt"))
  }

  @Test("What cannot work is told before anything is done")
  func faulty() throws {
    let shop = try furnished()
    let before = try shop.files()
    let lines: [(String, Int32, String)] = [
      ("s.mrc s.tif", 64, "share the folder"), ("s.mrc --summary s.txt", 64, ".csv"),
      ("s.mrc --from nowhere", 64, "nowhere"), ("", 64, "series"),
      ("gone.mrc", 66, "check: 'gone.mrc'"),
    ]
    for (words, code, text) in lines {
      let outcome = try shop.run("pipeline \(words) --quiet")
      #expect(outcome.code == code && outcome.err.contains(text), "\(words): \(outcome.err)")
    }
    #expect(try shop.files() == before)
    let stage = try shop.run("pipeline s.mrc --reconstruct=--method=magic --align none --quiet")
    #expect(stage.code == 64 && stage.err.contains("reconstruct: The value 'magic'"))
    try shop.done(
      "simulate beads.json --size 32,4,32 --tilts -60:60:10 --out thin.mrc --quiet")
    let thin = try shop.run("pipeline thin.mrc --prepare none --ignore-faults --quick --quiet")
    #expect(thin.code == 65 && thin.err.contains("got 32 × 4"), "\(thin.err)")
    #expect(thin.err.contains("--align none"))
  }
}
