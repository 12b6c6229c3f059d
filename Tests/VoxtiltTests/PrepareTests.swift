import Foundation
import StackIO
import Testing

@Suite struct PrepareTests {
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --noise 2% --voxel-size 0.5 --seed 3 --out s.mrc --quiet"
    )
    return shop
  }

  private func kinds(_ outcome: Workshop.Outcome, _ verdict: String) throws -> [String] {
    let findings = try #require(try outcome.json()["findings"] as? [[String: Any]])
    return findings.filter { $0["verdict"] as? String == verdict }.compactMap {
      $0["kind"] as? String
    }
  }

  @Test("A sane series passes with code 0, a wrong axis ends with 65 after its table")
  func check() throws {
    let shop = try furnished()
    let sane = try shop.done("check s.mrc --tilts -70:70:5 --picture s.svg")
    #expect(sane.out.contains("ok       tiltAxis") && sane.out.contains("cost"))
    #expect(try shop.files().contains("s.svg"))
    let wrong = try shop.run("check s.mrc --tilts -70:70:5 --tilt-axis x --json --quiet")
    #expect(wrong.code == 65 && wrong.err.contains("1 fault"))
    #expect(try kinds(wrong, "fault") == ["tiltAxis"])
  }

  @Test("Angles that contradict those beside the series are reversed")
  func reversed() throws {
    let shop = try furnished()
    try shop.write((0..<29).map { "\(5 * $0 - 70)\n" }.joined(), to: "s.rawtlt")
    let outcome = try shop.run("check s.mrc --tilts 70:-70:5 --json --quiet")
    #expect(outcome.code == 65 && outcome.out.contains("reversed"))
    try shop.done("check s.mrc --tilts 70:-70:5 --flip-tilts --quiet")
  }

  @Test("Steps go in the order of their options, are recorded, and replay gives the same bytes")
  func replay() throws {
    let shop = try furnished()
    try shop.done(
      "prepare s.mrc --tilts -70:70:5 --exclude 3,28-29 --bin 2 --hot-pixels --background vacuum --out p.mrc"
    )
    let sidecar = try shop.sidecar("p.json")
    let steps = try #require(sidecar["steps"] as? [[String: Any]])
    #expect(steps.compactMap { $0["name"] as? String } == ["bin", "hotPixels", "background"])
    #expect((steps[2]["levels"] as? [Double])?.count == 26)
    let info = try StackReader(path: shop.path("p.mrc")).info
    #expect(info.shape == StackShape(pageCount: 26, rowCount: 6, columnCount: 16))
    #expect(info.pixelSize == 1)
    let tilts = String(decoding: try shop.bytes("p.rawtlt"), as: UTF8.self)
    #expect(tilts.hasPrefix("-70.0\n-65.0\n-55.0\n") && tilts.hasSuffix("60.0\n"))
    let first = try shop.bytes("p.mrc")
    try shop.done("replay p.json --out again.mrc")
    #expect(try shop.bytes("again.mrc") == first)
    try shop.done(
      "prepare s.mrc --tilts -70:70:5 --exclude 3,28-29 --bin 2 --hot-pixels --background vacuum --out one.mrc --threads 1"
    )
    #expect(try shop.bytes("one.mrc") == first)
    try shop.done("reconstruct p.mrc --tilts p.rawtlt --method fbp --out v.mrc --quiet")
  }

  @Test("Counts are summed while they are counts, and averaged after a logarithm")
  func counts() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -60:60:10 --counts 1000 --counts-as counts --voxel-size 1 --out c.mrc --quiet"
    )
    try shop.done("prepare c.mrc --tilts -60:60:10 --bin 2 --out sum.mrc --quiet")
    try shop.done(
      "prepare c.mrc --tilts -60:60:10 --beer-lambert 2000 --bin 2 --out log.mrc --quiet")
    func kind(_ name: String, _ step: Int) throws -> String? {
      let steps = try #require(try shop.sidecar(name)["steps"] as? [[String: Any]])
      return (steps[step]["settings"] as? [String: Any])?["kind"] as? String
    }
    #expect(try kind("sum.json", 0) == "sum" && kind("log.json", 1) == "mean")
  }

  @Test("Weights follow the pages that are kept and what they are multiplied by")
  func weights() throws {
    let shop = try furnished()
    try shop.write((1...29).map { "\($0)\n" }.joined(), to: "w.txt")
    try shop.done(
      "prepare s.mrc --tilts -70:70:5 --exclude 1 --cosine-thickness --weights w.txt --out p.mrc --quiet"
    )
    let lines = String(decoding: try shop.bytes("p.weights.txt"), as: UTF8.self)
    let values = lines.split(separator: "\n").compactMap { Double($0) }
    // 2 / cos² 65° and, untouched, 15 at 0°.
    #expect(values.count == 28 && abs(values[0] - 11.19782) < 1e-5 && values[13] == 15)
    try shop.done(
      "reconstruct p.mrc --tilts p.rawtlt --method cs --lambda 0.01 --iterations 5 --tilt-weights p.weights.txt --out v.mrc --quiet"
    )
    try shop.write("1\n-2\n", to: "bad.txt")
    let short = try shop.run(
      "prepare s.mrc --tilts -70:70:5 --weights bad.txt --out q.mrc --quiet")
    #expect(short.code == 64 && short.err.contains("2 values for 29 pages"))
  }

  @Test(
    "A logarithm contains weights, which reconstruct takes where it is asked to, and quality after it"
  )
  func prepared() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -60:60:6 --counts 100 --counts-as counts --out c.mrc --quiet")
    try shop.done("prepare c.mrc --beer-lambert 400 --out log.mrc --quiet")
    let line = "reconstruct log.mrc --method cs --lambda 0.01 --iterations 5 --quiet"
    try shop.done("\(line) --tilt-weights prepared --out v.mrc")
    try shop.done("\(line) --tilt-weights log.weights.txt --out w.mrc")
    try shop.done("\(line) --out plain.mrc")
    #expect(try shop.bytes("v.mrc") == shop.bytes("w.mrc"))
    #expect(try shop.bytes("v.mrc") != shop.bytes("plain.mrc"))
    let settings = try shop.sidecar("v.json")["settings"] as? [String: Any]
    let weights = try #require(settings?["tiltWeights"] as? String).split(separator: " ")
    let written = String(decoding: try shop.bytes("log.weights.txt"), as: UTF8.self)
    #expect(weights.count == 21 && weights == written.split(separator: "\n"))
    try shop.done("quality v.mrc --quiet")
    let quality = try shop.sidecar("v.quality.json")["quality"] as? [String: Any]
    let method = quality?["method"] as? [String: Any]
    #expect((method?["settings"] as? [String: Any])?["tiltWeights"] as? String != nil)
    let none = try shop.run(
      "reconstruct c.mrc --method cs --tilt-weights prepared --out x.mrc --quiet")
    #expect(none.code == 64 && none.err.contains("contains weights"))
  }

  @Test("Faulty input ends with a sentence and leaves nothing behind")
  func faulty() throws {
    let shop = try furnished()
    let before = try shop.files()
    let lines: [(String, Int32, String)] = [
      ("--crop 20,0,20,5", 64, "is not inside pages"), ("--bin 99", 64, "(got 99)"),
      ("--exclude 99", 64, "page 99"), ("--exclude 1-29", 64, "none of the 29"),
      ("--normalise missing.txt", 66, "missing.txt"), ("--hot-threshold 1", 64, "at least 3"),
      ("--beer-lambert 0", 65, "must be above 0"), ("--taper 20", 64, "--taper 20"),
      ("--beer-lambert plane", 64, "not a plane"),
    ]
    for (options, code, words) in lines {
      let outcome = try shop.run("prepare s.mrc --tilts -70:70:5 --out p.mrc --quiet \(options)")
      #expect(outcome.code == code && outcome.err.contains(words), "\(options): \(outcome.err)")
    }
    #expect(try shop.files() == before)
    try shop.write("1\n", to: "p.rawtlt")
    let taken = try shop.run("prepare s.mrc --tilts -70:70:5 --out p.mrc --quiet")
    #expect(taken.code == 73 && taken.err.contains("p.rawtlt"))
    #expect(try shop.run("check s.mrc --tilts -70:70:5 --picture s.png").code == 73)
    try FileManager.default.removeItem(atPath: shop.path("s.json"))
    #expect(try shop.run("check s.mrc").code == 64)
  }
}
