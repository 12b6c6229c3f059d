import Foundation
import Testing

@Suite struct ReportTests {
  @Test("A report states the five facts, what the tilts sample and what quality was measured")
  func whole() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:5 --noise 2% --seed 3 --out s.tif --quiet")
    try shop.done(
      "reconstruct s.tif --tilts -60:60:5 --depth 28 --iterations 10 --report --out v.tif --quiet")
    let page = try text(shop, "v.html")
    for words in [
      "−60° to 60°", "sirt, 10 iterations", "this method has no prior", ">missing<",
      "33.33 % of Fourier space was not measured", "Sampling of the tilts",
      "Resolution by two halves", "Residual against the noise", "Power spectrum",
      "Streaks, stairs and ringing", "Convergence", "sha256",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try shop.files().contains("v.quality.json"))
    // The same again takes what was measured.
    let facts = try shop.done("report v.tif --json").json()
    #expect(facts["output"] as? String == "v.html")
    #expect(try text(shop, "v.html") == page)
  }

  @Test("λ that was chosen comes with its path, its L-curve and the residual of every tilt")
  func chosenLambda() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -75:75:6 --noise 2% --seed 1 --out s.tif --quiet")
    try shop.done(
      "reconstruct s.tif --tilts -75:75:6 --depth 28 --method cs --lambda auto --iterations 30 "
        + "--out r.tif --quiet")
    try shop.done("report r.tif --quick --quiet")
    let page = try text(shop, "r.html")
    for part in ["id=\"lambda\" class", "id=\"tilt-residuals\" class", "L-curve", "held out"] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test("A quick report, and one whose series is gone, say how quality is measured")
  func unmeasured() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:5 --out s.tif --quiet")
    try shop.done("reconstruct s.tif --tilts -60:60:5 --method fbp --out v.tif --quiet")
    try shop.done("report v.tif --quick --out quick.html --quiet")
    let quick = try text(shop, "quick.html")
    #expect(quick.contains("voxtilt quality v.tif measures it."))
    #expect(try !shop.files().contains("v.quality.json"))
    try FileManager.default.removeItem(atPath: shop.path("s.tif"))
    try shop.done("report v.tif --quiet")
    #expect(try text(shop, "v.html").contains("s.tif"))
    #expect(try text(shop, "v.html").contains("does not exist"))
  }

  @Test("A volume that was changed after its sidecar is reported with a loud warning")
  func changed() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out v.tif --quiet")
    try shop.done("phantom beads.json --size 16,8,16 --out w.tif --quiet")
    try FileManager.default.removeItem(atPath: shop.path("v.tif"))
    try FileManager.default.moveItem(atPath: shop.path("w.tif"), toPath: shop.path("v.tif"))
    let outcome = try shop.done("report v.tif")
    #expect(outcome.err.contains("the SHA-256 differs"))
    #expect(try text(shop, "v.html").contains("the SHA-256 differs"))
  }

  @Test(
    "What cannot be reported is refused with its cure",
    arguments: [
      ("report nothing.tif", 66, "nothing.tif"), ("report bare.tif", 66, "sidecar"),
      ("report s.tif", 65, "tilt series"), ("report v.tif --out v.pdf", 64, ".html"),
      ("report v.tif --out no/such.html", 73, "no/such.html"),
      ("report v.tif --out mine.html", 73, "'mine.html' exists"),
      ("slices v.tif", 64, "--out PNG, or --sequence"),
      ("slices v.tif --out a.png --sequence a", 64, "Give either"),
      ("slices v.tif v.tif --sequence a", 64, "one volume"),
      ("slices v.tif --out a.png --along y", 64, "--along"),
      ("slices v.tif --sequence a --at 1,1,1", 64, "--at"),
      ("slices v.tif --sequence a.png", 64, "without .png"),
      ("slices v.tif --sequence a --scale-bar", 64, "voxel size"),
      ("slices none.tif --sequence a", 66, "none.tif"),
    ])
  func refused(line: String, code: Int32, words: String) throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:20 --out s.tif --quiet")
    try shop.done("phantom beads.json --out v.tif --quiet")
    try FileManager.default.copyItem(atPath: shop.path("v.tif"), toPath: shop.path("bare.tif"))
    try shop.write("<p>my own notes</p>", to: "mine.html")
    let before = try shop.files()
    let outcome = try shop.run(line)
    #expect(outcome.code == code, "\(outcome.err)")
    #expect(outcome.err.contains(words), "\(outcome.err)")
    #expect(try shop.files() == before)
  }

  @Test("A sequence numbers every plane along an axis, on one grey scale")
  func sequence() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --voxel-size 0.5 --out v.tif --quiet")
    let facts = try shop.done("slices v.tif --sequence film/ --zoom 2 --json").json()
    #expect(facts["count"] as? Int == 28 && facts["pattern"] as? String == "film/v-%04d.png")
    let names = try FileManager.default.contentsOfDirectory(atPath: shop.path("film")).sorted()
    #expect(names == (0..<28).map { String(format: "v-%04d.png", $0) })
    let first = try shop.bytes("film/v-0000.png")
    // Width and height stand in the header, big-endian: 32 × 12 voxels, twice as large.
    #expect(first[16..<24].elementsEqual([0, 0, 0, 64, 0, 0, 0, 24]))
    try shop.done("slices v.tif --sequence film/ --zoom 2 --quiet")
    let shorter = try shop.run("slices v.tif --sequence film/ --along y --quiet")
    #expect(shorter.code == 73 && shorter.err.contains("another length"))
    try shop.done("slices v.tif --sequence y/ --along y --scale-bar --quiet")
    #expect(try FileManager.default.contentsOfDirectory(atPath: shop.path("y")).count == 12)
    #expect(try shop.run("slices v.tif").code == 64)
  }

  private func text(_ shop: Workshop, _ name: String) throws -> String {
    String(decoding: try shop.bytes(name), as: UTF8.self)
  }
}
