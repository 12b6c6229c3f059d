import Fields
import Foundation
import StackIO
import Testing

@Suite struct FieldStepTests {
  /// Pages of 3 × 4 pixels.
  private func stack(_ shop: Workshop, _ name: String, _ pages: [[Float]], rows: Int = 3) throws {
    var writer = try StackWriter(
      path: shop.path(name),
      shape: StackShape(pageCount: pages.count, rowCount: rows, columnCount: 4), pixelSize: nil,
      pageSpacing: nil, encoding: .float32)
    for (i, page) in pages.enumerated() { try writer.write(FloatStorage(page).span, page: i) }
    _ = try writer.finish()
  }

  private func pages(_ shop: Workshop, _ name: String) throws -> [[Float]] {
    var reader = try StackReader(path: shop.path(name))
    return try (0..<reader.info.shape.pageCount).map { page in
      var pixels = FloatStorage(zeros: reader.info.shape.pixelsPerPage)
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      return pixels.span.indices.map { pixels.span[$0] }
    }
  }

  /// The dark level is 10 in the mean of two pages, the light 4, 8, … 48, and the specimen lets a half, then a
  /// quarter of it through.
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    let light = (1...12).map { Float(4 * $0) }
    try stack(shop, "dark.tif", [light.map { _ in 9 }, light.map { _ in 11 }])
    try stack(shop, "flat.mrc", [light.map { $0 + 10 }])
    try stack(shop, "raw.tif", [0.5, 0.25].map { part in light.map { part * $0 + 10 } })
    return shop
  }

  @Test(
    "Counts become transmission by flat and dark fields, which are inputs; replay gives the same bytes"
  )
  func transmission() throws {
    let shop = try furnished()
    let made = try shop.done(
      "prepare raw.tif --tilts 0:5:5 --counts --dark dark.tif --flat flat.mrc --beer-lambert flat --out p.tif"
    )
    // The least light, 4, is above a tenth of its median, 28.
    let expected = [0.5, 0.25].map { part in [Float](repeating: Float(-log(part)), count: 12) }
    #expect(try pages(shop, "p.tif") == expected, "\(made.err)")
    let sidecar = try shop.sidecar("p.json")
    let steps = try #require(sidecar["steps"] as? [[String: Any]])
    #expect(steps.compactMap { $0["name"] as? String } == ["fieldCorrection", "beerLambert"])
    #expect(steps[0]["touched"] as? [Int] == [0, 0])
    let inputs = try #require(sidecar["inputs"] as? [[String: Any]])
    #expect(inputs.compactMap { $0["path"] as? String } == ["raw.tif", "flat.mrc", "dark.tif"])
    let counts = try #require(sidecar["counts"] as? [String: Any])
    #expect(counts["by"] as? String == "fieldCorrection")
    try shop.done("replay p.json --out again.tif")
    #expect(try shop.bytes("again.tif") == shop.bytes("p.tif"))
    try stack(shop, "dark.tif", [[Float](repeating: 3, count: 12)])
    #expect(try shop.run("replay p.json --out other.tif").err.contains("dark.tif"))
  }

  @Test("The step stands where the first of its options stands, and goes with dead pixels")
  func order() throws {
    let shop = try furnished()
    var light = (1...12).map { Float(4 * $0) }
    light[5] = 0
    try stack(shop, "flat.mrc", [light.map { $0 + 10 }])
    let made = try shop.done(
      "prepare raw.tif --tilts 0:5:5 --flat flat.mrc --background 1 --dark dark.tif --crop 0,0,2,3 --out p.tif"
    )
    #expect(try pages(shop, "p.tif") == [-0.5, -0.75].map { [Float](repeating: $0, count: 6) })
    #expect(made.err.contains("fieldCorrection: 2 pixels, at most 1 on a page"))
  }

  @Test("Fields that do not fit, come too late or hold no light are refused in a sentence")
  func faulty() throws {
    let shop = try furnished()
    try stack(shop, "small.tif", [[Float](repeating: 3, count: 8)], rows: 2)
    let before = try shop.files()
    let lines: [(String, Int32, String)] = [
      ("--flat small.tif", 65, "4 × 2 pixels, and those of the series 4 × 3"),
      ("--flat flat.mrc --dark small.tif", 65, "those of --dark 4 × 2"),
      ("--crop 0,0,2,2 --flat flat.mrc", 64, "before --beer-lambert"),
      ("--beer-lambert 100 --dark dark.tif", 64, "before --beer-lambert"),
      ("--flat dark.tif --dark flat.mrc", 65, "swapped"),
      ("--flat none.tif", 66, "none.tif"),
      ("--beer-lambert flat", 64, "needs --flat"),
      ("--background flat", 64, "not flat"),
    ]
    for (options, code, words) in lines {
      let outcome = try shop.run("prepare raw.tif --tilts 0:5:5 --out p.tif --quiet \(options)")
      #expect(outcome.code == code && outcome.err.contains(words), "\(options): \(outcome.err)")
    }
    #expect(try shop.files() == before)
  }
}
