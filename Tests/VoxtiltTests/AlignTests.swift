import Foundation
import StackIO
import Testing

@Suite struct AlignTests {
  private static let tilts = (0..<29).map { 5 * $0 - 70 }

  /// Simulated beads, and the same moved by an .xf file that is known.
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.write(
      """
      {"name": "four", "description": "Four beads.", "unit": "halfWidth", "size": [40, 40, 40],
       "objects": [
         {"shape": "sphere", "centre": [0.375, -0.3, 0.25], "radius": 0.15, "density": 1},
         {"shape": "sphere", "centre": [-0.4, 0.25, 0.3], "radius": 0.125, "density": 1},
         {"shape": "sphere", "centre": [0.19, 0.4, -0.375], "radius": 0.11, "density": 1.5},
         {"shape": "sphere", "centre": [-0.25, -0.125, -0.19], "radius": 0.1, "density": 1.2}]}
      """, to: "four.json")
    try shop.write(
      Self.tilts.indices.map { "1 0 0 1 \(Double(($0 * 7) % 5) - 2) \(Double(($0 * 3) % 5) - 2)\n" }
        .joined(), to: "moves.xf")
    try shop.done(
      "simulate four.json --tilts -70:70:5 --noise 1% --voxel-size 0.5 --seed 3 --out s.mrc --quiet"
    )
    try shop.done("align s.mrc --tilts -70:70:5 --apply moves.xf --out moved.mrc --quiet")
    return shop
  }

  private func pages(_ shop: Workshop, _ name: String) throws -> [[String: Any]] {
    try #require(try shop.sidecar(name)["pages"] as? [[String: Any]])
  }

  @Test("A moved series is aligned, recorded, replayed to the same bytes and applied to others")
  func align() throws {
    let shop = try furnished()
    let run = try shop.done(
      "align moved.mrc --tilts -70:70:5 --out a.mrc --picture a.svg --quiet --json")
    #expect(try run.json()["method"] as? String == "alignment")
    let made = try shop.files()
    for name in ["a.mrc", "a.json", "a.align.json", "a.xf", "a.tlt", "a.svg"] {
      #expect(made.contains(name), "\(name)")
    }
    // What is left along the axis after the moves that were put in, rows downwards.
    let found = try pages(shop, "a.align.json").compactMap { $0["along"] as? Double }
    let rest = found.indices.map { found[$0] - (Double(($0 * 3) % 5) - 2) }
    let middle = rest.reduce(0, +) / 29
    let rms = rest.map { ($0 - middle) * ($0 - middle) }.reduce(0, +) / 29
    #expect(rms.squareRoot() < 0.15)
    let first = try shop.bytes("a.mrc")
    try shop.done("replay a.json --out again.mrc --quiet")
    #expect(try shop.bytes("again.mrc") == first)
    try shop.done("align moved.mrc --apply a.align.json --out same.mrc --quiet")
    #expect(try shop.bytes("same.mrc").suffix(4 * 29 * 1600) == first.suffix(4 * 29 * 1600))
    try shop.done("prepare moved.mrc --tilts -70:70:5 --bin 2 --out half.mrc --quiet")
    try shop.done("align half.mrc --apply a.align.json --scale 0.5 --out halved.mrc --quiet")
    #expect(try StackReader(path: shop.path("halved.mrc")).info.shape.columnCount == 20)
    try shop.done("reconstruct a.mrc --tilts a.tlt --method fbp --out v.mrc --quiet")
  }

  @Test("A series whose axis runs along x is aligned as one whose axis runs along y")
  func otherAxis() throws {
    let shop = try furnished()
    try shop.done("align moved.mrc --tilts -70:70:5 --rounds 1 --out a.mrc --quiet")
    // The same pages turned by 90° anticlockwise: what was across runs upwards.
    var reader = try StackReader(path: shop.path("moved.mrc"))
    var writer = try StackWriter(
      path: shop.path("turned.mrc"), shape: reader.info.shape, pixelSize: 0.5, encoding: .float32)
    for page in 0..<29 {
      var pixels = [Float](repeating: 0, count: 1600)
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      var turned = pixels
      for row in 0..<40 {
        for column in 0..<40 { turned[row * 40 + column] = pixels[column * 40 + 39 - row] }
      }
      try writer.write(turned.span, page: page)
    }
    _ = try writer.finish()
    try shop.done(
      "align turned.mrc --tilts -70:70:5 --tilt-axis x --rounds 1 --out b.mrc --quiet")
    let (a, b) = (try pages(shop, "a.align.json"), try pages(shop, "b.align.json"))
    for key in ["across", "along", "rotation"] {
      for (one, other) in zip(a, b) {
        let (x, y) = (try #require(one[key] as? Double), try #require(other[key] as? Double))
        #expect(abs(x - y) < 1e-3)
      }
    }
  }

  @Test("Seven tilts are aligned by default, in as many subsets as those that are not left out")
  func fewTilts() throws {
    let shop = try furnished()
    try shop.done("simulate four.json --tilts -60:60:20 --seed 3 --out few.mrc --quiet")
    try shop.done("align few.mrc --tilts -60:60:20 --rounds 1 --out a.mrc --quiet")
    let settings = try #require(try shop.sidecar("a.json")["settings"] as? [String: Any])
    #expect(settings["reconstruction.subsets"] as? Int == 5)
  }

  @Test("Faulty input ends with a sentence and leaves nothing behind")
  func faulty() throws {
    let shop = try furnished()
    try shop.write("1 0 0 1 0 0\n", to: "one.xf")
    try shop.write("{}", to: "no.align.json")
    let before = try shop.files()
    let lines: [(String, Int32, String)] = [
      ("--scale 0.5", 64, "--apply"), ("--apply moves.xf --rounds 3", 64, "--rounds"),
      ("--apply one.xf", 65, "placements for 1 pages"),
      ("--apply no.align.json", 65, "not an alignment"),
      ("--apply gone.xf", 66, "gone.xf"), ("--apply moves.xf --scale -1", 64, "--scale must be"),
      ("--rounds -1", 64, "(got -1)"), ("--axis-range 90", 64, "(got 90"),
      ("--finest 8", 64, "(got 8)"), ("--method tv --iterations 0", 64, "terations"),
      ("--picture a.png", 73, "a.png"),
    ]
    for (options, code, words) in lines {
      let outcome = try shop.run("align s.mrc --tilts -70:70:5 --out p.mrc --quiet \(options)")
      #expect(outcome.code == code && outcome.err.contains(words), "\(options): \(outcome.err)")
    }
    #expect(try shop.files() == before)
    try shop.write("mine", to: "p.xf")
    let taken = try shop.run("align s.mrc --tilts -70:70:5 --rounds 0 --out p.mrc --quiet")
    #expect(taken.code == 64 && taken.err.contains("p.align.json") || taken.err.contains("p.xf"))
    #expect(try shop.bytes("p.xf") == Data("mine".utf8))
  }
}
