import Foundation
import Testing

/// Values and sizes that arithmetic does not hold are refused where they enter.
@Suite struct ExtremeValueTests {
  @Test(
    "A series of values too large for sums of squares is bad data for every method",
    arguments: [
      "fbp", "sirt", "sart", "os-sart", "cgls", "mlem", "osem", "tv-sart", "asd-pocs --noise 1",
      "cs --mu 0.1",
    ])
  func tooLarge(method: String) throws {
    let shop = try furnished(pages: 3, value: 3.3e38)
    let before = try shop.files()
    let outcome = try shop.run(
      "reconstruct flat.mrc --tilts -60:60:60 --method \(method) --out r.tif --quiet")
    #expect(outcome.code == 65, "\(outcome.err)")
    #expect(outcome.err.contains("3.3e+38 on page 1") && outcome.err.contains("Rescale"))
    #expect(try shop.files() == before)
  }

  @Test("A series of zeros is reconstructed to zeros, and its misfit is not known")
  func zeros() throws {
    let shop = try furnished(pages: 3, value: 0)
    try shop.done("reconstruct flat.mrc --tilts -60:60:60 --method cs --mu 0.1 --out r.mrc --quiet")
    let history = try #require(try shop.sidecar("r.json")["history"] as? [[String: Any]])
    #expect(!history.isEmpty && history.allSatisfy { !($0["misfit"] is Double) })
    #expect(try shop.bytes("r.mrc").dropFirst(1024).allSatisfy { $0 == 0 })
  }

  @Test("A sidecar with tilts or iterations that cannot be is refused by what reads it")
  func sidecars() throws {
    let shop = try furnished(pages: 3, value: 1)
    try shop.done("reconstruct flat.mrc --tilts -60:60:60 --iterations 3 --out r.mrc --quiet")
    let made = try shop.sidecar("r.json")
    func change(_ key: String, to value: Any) throws {
      var sidecar = made
      sidecar[key] = value
      try JSONSerialization.data(withJSONObject: sidecar).write(
        to: URL(fileURLWithPath: shop.path("r.json")))
    }
    try change("iterations", to: Int.max)
    let quality = try shop.run("quality r.mrc")
    #expect(quality.code == 65 && quality.err.contains("r.json"), "\(quality.err)")
    var geometry = try #require(made["geometry"] as? [String: Any])
    geometry["tilts"] = [-1.7e308, 0, 60]
    try change("geometry", to: geometry)
    let report = try shop.run("report r.mrc")
    #expect(report.code == 65 && report.err.contains("-1.7e+308 degrees"), "\(report.err)")
  }

  @Test("A checkpoint with lists of endless length is no whole checkpoint")
  func endlessLists() throws {
    let shop = try furnished(pages: 3, value: 1)
    let head = """
      {"run":[],"slabsPerGroup":1,"refinements":1,"sums":{"lengths":[2305843009213693952],"bytes":""},
       "numbers":{"lengths":[],"bytes":""}}
      """
    let length = (0..<8).map { UInt8(truncatingIfNeeded: head.utf8.count >> (8 * $0)) }
    var bytes = Data("VOXTILT1".utf8) + Data(length) + Data(head.utf8)
    bytes += Data(count: (64 - bytes.count % 64) % 64)
    try bytes.write(to: URL(fileURLWithPath: shop.path("r.tif.checkpoint")))
    let outcome = try shop.run("reconstruct flat.mrc --tilts -60:60:60 --resume --out r.tif")
    #expect(
      outcome.code == 65 && outcome.err.contains("not a complete checkpoint"), "\(outcome.err)")
  }

  @Test(
    "Numbers beyond all use end with a sentence",
    arguments: [
      ("deblur flat.mrc --psf huge.csv --out d.mrc", 65, "single precision"),
      ("deblur signal signal.csv --psf gaussian:1px --out d.csv", 65, "too large"),
      (
        "align flat.mrc --tilts -60:60:60 --apply flat.align.json --scale 1e300 --out a.mrc", 64,
        "scale"
      ),
      ("wedge --tilts -60:60:5 --method sirt --sigma 1e30", 64, "--sigma"),
      (
        "reconstruct flat.mrc --tilts -60:60:60 --iterations 9223372036854775807 --out r.tif", 64,
        "1000000000"
      ),
      ("phantom beads.json --out \u{FFFD}.tif", 64, "UTF-8"),
    ] as [(String, Int32, String)])
  func refused(line: String, code: Int32, words: String) throws {
    let shop = try furnished(pages: 3, value: 1)
    try shop.write("1e39,1,1\n1,1,1\n1,1,1\n", to: "huge.csv")
    try shop.write("y\n1\n-1e200\n1\n", to: "signal.csv")
    let before = try shop.files()
    let outcome = try shop.run(line)
    #expect(outcome.code == code && outcome.err.contains(words), "\(outcome.err)")
    #expect(try shop.files() == before)
  }

  /// `flat.mrc`: pages of 8 × 8 pixels that all hold `value`.
  private func furnished(pages: Int32, value: Float) throws -> Workshop {
    let shop = try Workshop()
    var bytes = Data()
    func put(_ number: UInt32) { bytes += (0..<4).map { UInt8(number >> (8 * $0) & 0xFF) } }
    for number in [8, 8, pages, 2] { put(UInt32(number)) }
    bytes += Data(count: 1024 - bytes.count)
    for _ in 0..<64 * pages { put(value.bitPattern) }
    try bytes.write(to: URL(fileURLWithPath: shop.path("flat.mrc")))
    return shop
  }
}
