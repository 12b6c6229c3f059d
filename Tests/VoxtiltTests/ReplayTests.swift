import Foundation
import Testing

@Suite struct ReplayTests {
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif")
    try shop.write("-60\n-20\n20\n60\n", to: "four.tlt")
    try shop.done("simulate beads.json --tilts four.tlt --counts 50 --seed 9 --out series.mrc")
    try shop.done("reconstruct series.mrc --tilts four.tlt --iterations 4 --json --out r.tif")
    return shop
  }

  @Test(
    "Every kind of result is made again to the byte",
    arguments: [
      ("truth", "tif"), ("series", "mrc"), ("r", "tif"),
    ])
  func sameBytes(name: String, ending: String) throws {
    let shop = try furnished()
    let bytes = try shop.bytes("\(name).\(ending)")
    try shop.done("replay \(name).json --out again.\(ending)")
    #expect(try shop.bytes("again.\(ending)") == bytes)
    try FileManager.default.removeItem(atPath: shop.path("\(name).\(ending)"))
    let before = try shop.files()
    try shop.done("replay \(name).json")
    #expect(try shop.files() == before)
    try shop.done("replay \(name).json --out \(name).\(ending)")
    #expect(try shop.bytes("\(name).\(ending)") == bytes)
  }

  @Test("A mask is made again, too")
  func mask() throws {
    let shop = try Workshop()
    try shop.done("wedge --tilts -60:60:10 --size 9,9,9 --write-mask m.tif")
    let files = try shop.files()
    try shop.done("replay m.json")
    #expect(try shop.files() == files)
    try shop.done("replay m.json --out n.tif")
    #expect(try shop.bytes("n.tif") == shop.bytes("m.tif"))
    try shop.done("replay n.json")
  }

  @Test("Relative paths start from the recorded folder, wherever the replay is started")
  func fromElsewhere() throws {
    let (shop, other) = (try furnished(), try Workshop())
    let outcome = try other.done("replay \(shop.path("r.json")) --out here.tif --json")
    #expect(try outcome.json()["isSame"] as? Bool == true)
    #expect(try other.bytes("here.tif") == shop.bytes("r.tif"))
    #expect(try shop.files().count == 8 && other.files().contains("here.json"))
    // And the copy's sidecar can be replayed in turn.
    try other.done("replay here.json")
  }

  @Test(
    "An input that changed or went is named, and nothing is written",
    arguments: [
      "series.mrc", "four.tlt",
    ])
  func changedInput(name: String) throws {
    let shop = try furnished()
    var bytes = try shop.bytes(name)
    bytes[bytes.count - 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: shop.path(name)))
    let changed = try shop.run("replay r.json --out again.tif")
    #expect(changed.code == 65 && changed.err.contains(name))
    try FileManager.default.removeItem(atPath: shop.path(name))
    let gone = try shop.run("replay r.json --out again.tif")
    #expect(gone.code == 66 && gone.err.contains(name))
    #expect(try !shop.files().contains("again.tif"))
  }

  @Test("Bytes that differ from the record end with code 65")
  func differentBytes() throws {
    let shop = try furnished()
    let text = String(decoding: try shop.bytes("truth.json"), as: UTF8.self)
    let hash = try #require(
      (try shop.sidecar("truth.json")["output"] as? [String: Any])?["sha256"] as? String)
    try shop.write(
      text.replacingOccurrences(of: hash, with: String(hash.reversed())), to: "truth.json")
    let outcome = try shop.run("replay truth.json --out again.tif")
    #expect(outcome.code == 65 && outcome.err.contains("differ from the recorded result"))
  }
}
