import Fields
import Foundation
import StackIO
import Testing

/// Warnings travel with what is made of a series, and a slab that fills the field is treated as one.
@Suite struct StageWarningTests {
  private static let cut = "extends beyond it across the axis"
  private static let empty = "The pages show no vacuum"
  private static let off = "differences from that of the slab"

  @Test("A pipeline carries the warnings of all stages to the volume and its page, each once")
  func pipeline() throws {
    let shop = try Workshop()
    try writeSlab(shop)
    try shop.done(
      "pipeline s.tif --tilts -60:60:5 --align none --quick --quiet "
        + "--reconstruct=--method=sirt")
    let told = try stages(shop, "s.voxtilt/volume.json")
    for (stage, words) in [("check", Self.cut), ("check", Self.empty), ("prepare", Self.off)] {
      #expect(told.filter { $0.words.contains(words) }.map(\.stage) == [stage], "\(words)")
    }
    #expect(Set(told.map(\.words)).count == told.count)
    let page = String(decoding: try shop.bytes("s.voxtilt/volume.html"), as: UTF8.self)
    for words in [
      "check (s.tif): The object fills the field", "prepare (ready.mrc): ",
      "The mean of a slab along z lies in the missing wedge",
    ] {
      #expect(page.components(separatedBy: words).count == 2, "\(words)")
    }
  }

  @Test("So do commands that are typed one after the other, with --check from the first on")
  func typed() throws {
    let shop = try Workshop()
    try writeSlab(shop)
    try shop.done("check s.tif --tilts -60:60:5 --out c.json --quiet")
    try shop.done(
      "prepare s.tif --tilts -60:60:5 --check c.json --hot-pixels --background vacuum --out r.tif --quiet"
    )
    try shop.done("prepare r.tif --crop 1,0,30,12 --out q.tif --quiet")
    try shop.done("reconstruct q.tif --iterations 2 --out v.tif --quiet")
    let told = try stages(shop, "v.json")
    #expect(told.filter { $0.words.contains(Self.empty) }.map(\.stage) == ["check"])
    // Without a check, prepare says it itself.
    try shop.done("prepare s.tif --tilts -60:60:5 --background vacuum --out p.tif --quiet")
    let own = try shop.sidecar("p.json")["warnings"] as? [String]
    #expect(own?.filter { $0.contains(Self.empty) }.count == 1)
    try shop.done("reconstruct p.tif --iterations 2 --out w.tif --quiet")
    #expect(
      try stages(shop, "w.json").filter { $0.words.contains(Self.empty) }.map(\.stage)
        == ["prepare"])
  }

  @Test("A check of other bytes, and what is no check, are refused")
  func refused() throws {
    let shop = try Workshop()
    try writeSlab(shop)
    try shop.done("simulate beads.json --tilts -60:60:5 --out b.tif --quiet")
    try shop.done("check s.tif --tilts -60:60:5 --out c.json --quiet")
    let other = try shop.run("prepare b.tif --check c.json --hot-pixels --out r.tif --quiet")
    #expect(other.code == 65 && other.err.contains("other bytes"))
    let none = try shop.run("prepare b.tif --check b.json --hot-pixels --out r.tif --quiet")
    #expect(none.code == 65 && none.err.contains("not a record of a check"))
  }

  @Test("A plain reconstruction warns where the field cuts the object, and only there")
  func plain() throws {
    let shop = try Workshop()
    try writeSlab(shop)
    try shop.done("simulate beads.json --tilts -60:60:5 --noise 2% --seed 2 --out b.tif --quiet")
    let lines = [
      ("s.tif", "sirt --iterations 2", "no room for matter beyond"),
      ("s.tif", "fbp", "is empty"),
      ("s.tif", "sirt --iterations 2 --extend auto", ""), ("b.tif", "sirt --iterations 2", ""),
    ]
    for (i, (series, method, words)) in lines.enumerated() {
      try shop.done(
        "reconstruct \(series) --tilts -60:60:5 --method \(method) --out v\(i).tif --quiet")
      let record = try shop.sidecar("v\(i).json")
      let said = (record["warnings"] as? [String] ?? []).filter { $0.contains("field") }
      #expect(words.isEmpty ? said.isEmpty : said.count == 1 && said[0].contains(words), "\(said)")
      #expect(record["field"] as? String == (series == "s.tif" ? "fills" : "inside"))
    }
  }

  @Test(
    "Tilts that do not fit are blamed on the field where it cuts the object, and on their pages elsewhere"
  )
  func misfits() throws {
    let shop = try Workshop()
    try writeSlab(shop)
    try writeSlab(shop, thickness: 0, spoilt: 0, to: "b.tif")
    func said(_ series: String) throws -> [String] {
      try shop.done(
        "reconstruct \(series) --tilts -60:60:5 --method cs --iterations 60 --out v.tif --quiet")
      let warnings = try shop.sidecar("v.json")["warnings"] as? [String] ?? []
      return warnings.filter { $0.contains("not fit the others") }
    }
    let cut = try said("s.tif")
    #expect(
      cut.count == 1
        && cut[0].contains("The likely cause is that the object extends beyond the field"))
    #expect(cut[0].contains("60.0°"))
    let spoilt = try said("b.tif")
    #expect(spoilt.contains { $0.hasPrefix("The projection at -60.0° does not fit the others") })
    #expect(!spoilt.contains { $0.contains("likely cause") })
  }

  @Test("A pipeline takes a slab for a slab")
  func decisions() throws {
    let shop = try Workshop()
    try writeSlab(shop)
    let outcome = try shop.done("pipeline s.tif --tilts -60:60:5 --dry-run")
    #expect(outcome.err.contains("No vacuum was found"))
    #expect(outcome.out.contains("--normalise slab --background slab"))
    #expect(outcome.out.contains("--method cs --extend auto --unconstrained"))
  }

  private struct Told: Decodable {
    let stage: String
    let words: String
  }

  private func stages(_ shop: Workshop, _ name: String) throws -> [Told] {
    struct Record: Decodable { let stageWarnings: [Told] }
    return try JSONDecoder().decode(Record.self, from: try shop.bytes(name)).stageWarnings
  }

  /// 25 pages of 12 × 32 of a slab, 9 / cos θ, with a ball in its middle and noise of about 0.3, twentyfold on a page that is
  /// spoilt.
  private func writeSlab(
    _ shop: Workshop, thickness: Double = 9, spoilt: Int? = nil, to name: String = "s.tif"
  ) throws {
    var writer = try StackWriter(
      path: shop.path(name), shape: StackShape(pageCount: 25, rowCount: 12, columnCount: 32))
    var picture = try FloatStorage(allocating: 12 * 32)
    var bits: UInt64 = 20_261_130
    for page in 0..<25 {
      let angle = Double(5 * page - 60) * .pi / 180
      var pixels = picture.mutableSpan
      for i in pixels.indices {
        let (x, y) = (Double(i % 32) - 15.5 - 3 * sin(angle), Double(i / 32) - 5.5)
        bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let wiggle = (Double(bits >> 40) / Double(1 << 24) - 0.5) * (page == spoilt ? 20 : 1)
        pixels[i] = Float(
          thickness / cos(angle) + 2 * max(0, 16 - x * x - y * y).squareRoot() + wiggle)
      }
      try writer.write(picture.span, page: page)
    }
    _ = try writer.finish()
  }
}
