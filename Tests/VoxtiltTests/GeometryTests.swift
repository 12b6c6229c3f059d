import Foundation
import StackIO
import Testing

/// What moves the tilt axis, or takes pages away, is known to the next command.
@Suite struct GeometryTests {
  @Test(
    "A ball comes out at its place after cropping, and binning of sizes that do not divide",
    arguments: [
      Framing(crop: [8, 84, 0, 36]), Framing(crop: nil, bin: 2), Framing(crop: nil, bin: 3),
      Framing(crop: nil, bin: 4), Framing(crop: [5, 89, 3, 32], bin: 2),
      Framing(crop: [9, 86, 0, 36], bin: 3), Framing(crop: [1, 22, 0, 9], bin: 4, cropsLast: true),
      Framing(crop: nil, bin: 4, pad: 5),
    ], ["y", "x"])
  func places(framing: Framing, axis: String) throws {
    let shop = try Workshop()
    let (columns, rows) = axis == "y" ? (101, 36) : (36, 101)
    try balls(
      [Ball(x: 20, y: 2, z: 12, radius: 9)], shop, columns: columns, rows: rows,
      turn: axis == "y" ? 0 : 90, to: "raw.tif")
    try shop.done(
      "prepare raw.tif --tilt-axis \(axis) \(framing.words(axis)) --out ready.tif --quiet")
    try shop.done("reconstruct ready.tif --method sirt --iterations 80 --out v.tif --quiet")
    let (found, factor) = (try centre(shop, "v.tif"), Double(framing.bin))
    // Along the axis the centre of what is kept moves.
    let shape = try StackReader(path: shop.path("ready.tif")).info.shape
    let kept = Double(axis == "y" ? shape.rowCount : shape.columnCount) * factor
    let start = framing.cropsLast ? 0 : Double(framing.crop?[2] ?? -framing.pad)
    let along = (35.0 / 2 + 2 - start - (kept - 1) / 2) / factor
    // Across an axis along x places are counted upwards.
    let expected =
      axis == "y"
      ? [20 / factor, along, 12 / factor] : [along, -20 / factor, 12 / factor]
    for (place, right) in zip(found, expected) { #expect(abs(place - right) < 0.1, "\(found)") }
  }

  @Test("The axis goes through a second preparation, and info tells where it stands")
  func twice() throws {
    let shop = try Workshop()
    try balls(
      [Ball(x: 10, y: 0.5, z: 6, radius: 5)], shop, columns: 60, rows: 24, to: "raw.tif")
    try shop.done("prepare raw.tif --crop 8,0,44,24 --out one.tif --quiet")
    try shop.done("prepare one.tif --crop 2,0,41,24 --out two.tif --quiet")
    let geometry = try #require(try shop.sidecar("two.json")["geometry"] as? [String: Any])
    // 60 columns: the axis at 29.5; 10 cropped left, 41 kept: 19.5 of a centre at 20.
    #expect(geometry["axisOffset"] as? Double == -0.5)
    #expect((geometry["tilts"] as? [Double])?.count == 71)
    let facts = try shop.done("info two.tif --json").json()
    #expect(facts["axisOffset"] as? Double == -0.5)
    #expect((facts["sources"] as? [String: String])?["axisOffset"] == "'two.json'")
  }

  @Test("What the sidecar tells is said, and an option overrules it")
  func overruled() throws {
    let shop = try Workshop()
    try balls(
      [Ball(x: 10, y: 0.5, z: 6, radius: 4)], shop, columns: 48, rows: 24, to: "raw.tif")
    try shop.done("prepare raw.tif --crop 8,0,40,24 --exclude 1,71 --out c.tif --quiet")
    let told = try shop.done("reconstruct c.tif --method fbp --out v.tif")
    #expect(told.err.contains("Taken from 'c.json': 69 tilts, the axis offset of -4 pixels."))
    let geometry = try #require(try shop.sidecar("v.json")["geometry"] as? [String: Any])
    #expect(geometry["axisOffset"] as? Double == -4)
    #expect(geometry["tiltRange"] as? [Double] == [-68, 68])
    let inputs = try #require(try shop.sidecar("v.json")["inputs"] as? [[String: Any]])
    #expect(inputs.compactMap { $0["path"] as? String } == ["c.tif", "c.json", "c.rawtlt"])
    let typed = try shop.done(
      "reconstruct c.tif --tilts -67:69:2 --axis-offset 1 --method fbp --out w.tif")
    #expect(
      typed.err.contains("'c.json' has other angles: -68° for page 1, where the given -67° is used")
    )
    let other = try #require(try shop.sidecar("w.json")["geometry"] as? [String: Any])
    #expect(other["axisOffset"] as? Double == 1)
  }

  @Test(
    "A series that was changed since its sidecar was written is refused, and reads with options")
  func stale() throws {
    let shop = try Workshop()
    try balls(
      [Ball(x: 10, y: 0.5, z: 6, radius: 4)], shop, columns: 48, rows: 24, to: "raw.tif")
    try shop.done("prepare raw.tif --crop 8,0,40,24 --out c.tif --quiet")
    var bytes = try shop.bytes("c.tif")
    bytes[bytes.count - 100] ^= 1
    try bytes.write(to: URL(fileURLWithPath: shop.path("c.tif")))
    for command in [
      "reconstruct c.tif --method fbp --out v.tif", "prepare c.tif --bin 2 --out d.tif",
    ] {
      let refused = try shop.run(command)
      #expect(
        refused.code == 65
          && refused.err.contains("'c.tif' is not the file that 'c.json' describes"))
    }
    #expect(try !shop.files().contains("v.tif"))
    try shop.done(
      "reconstruct c.tif --tilts c.rawtlt --tilt-axis y --axis-offset -4 --method fbp --out v.tif --quiet"
    )
  }

  @Test("Deblurring keeps the geometry of a series; alignment begins at it and ends at the centre")
  func onwards() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:6 --noise 1% --seed 2 --out s.tif --quiet")
    try shop.done("prepare s.tif --crop 3,0,27,12 --out c.tif --quiet")
    try shop.done(
      "deblur c.tif --psf gaussian:0.5px --method wiener --noise 0.1 --out d.tif --quiet")
    let facts = try shop.done("info d.tif --json").json()
    #expect(facts["axisOffset"] as? Double == -0.5)
    #expect((facts["tilts"] as? [Double])?.count == 21)
  }

  @Test(
    "Two files that tell different angles are refused in every command, unless an option decides")
  func contradiction() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:6 --out s.mrc --quiet")
    let sections = (0..<21).map {
      "[ZValue = \($0)]\nTiltAngle = \(60 - 6 * $0)\nExposureDose = 2\n"
    }
    try shop.write(sections.joined(), to: "s.mrc.mdoc")
    for command in [
      "reconstruct s.mrc --method fbp --out v.tif", "prepare s.mrc --out p.tif", "check s.mrc",
      "align s.mrc --out a.tif", "damage s.mrc --order s.mrc.mdoc", "pipeline s.mrc",
      "fuse --haadf s.mrc --map Au=s.mrc --out f.tif",
    ] {
      let refused = try shop.run(command)
      #expect(
        refused.code == 65 && refused.err.contains("contradict each other"),
        "\(command): \(refused.err)")
    }
    let told = try shop.done("info s.mrc")
    #expect(told.err.contains("contradict each other"))
    let decided = try shop.done("reconstruct s.mrc --tilts -60:60:6 --method fbp --out v.tif")
    #expect(
      decided.err.contains(
        "'s.mrc.mdoc' has other angles: 60° for page 1, where the given -60° is used"))
  }

  @Test(
    "The direction of the axis that notes tell goes through a preparation, and is where the search begins",
    arguments: [5.9, -5.9, 84.1, -84.1])
  func axisAngle(degrees: Double) throws {
    let shop = try Workshop()
    let places = [(12.0, -9.0, 5.0, 6.0), (-10, 8, -7, 5), (3, 14, 9, 4), (-14, -12, 2, 4)]
    try balls(
      places.map { Ball(x: $0.0, y: $0.1, z: $0.2, radius: $0.3) }, shop, columns: 56, rows: 56,
      turn: degrees, to: "raw.mrc")
    let sections = Self.tilts.indices.map { "[ZValue = \($0)]\nTiltAngle = \(Self.tilts[$0])\n" }
    try shop.write(
      "[T = Tilt axis angle = \(degrees), binning = 1 spot = 4 camera = 1]\n" + sections.joined(),
      to: "raw.mrc.mdoc")
    let axis = abs(degrees) < 45 ? "y" : "x"
    let said = try shop.done("prepare raw.mrc --bin 2 --out ready.mrc")
    #expect(said.err.contains("taken along \(axis), and is rotated by"))
    try shop.done("align ready.mrc --axis-range 0 --out aligned.mrc --quiet")
    let record = try shop.sidecar("aligned.align.json")
    #expect(record["tiltAxis"] as? String == axis)
    // Clockwise from the way that the axis is taken to run.
    let turned = axis == "y" ? -degrees : degrees > 0 ? 90 - degrees : -90 - degrees
    #expect(abs((record["axisRotation"] as? Double ?? 0) - turned) < 1e-9)
    let coarse = try #require(record["coarse"] as? [String: Double])
    let (taken, told) = (coarse["as taken"] ?? 0, coarse["as told"] ?? 1)
    #expect(told < 0.6 * taken, "\(told) as told, \(taken) as taken")
    try shop.done("align ready.mrc --axis-range 0 --axis-rotation 0 --out other.mrc --quiet")
    #expect(try shop.sidecar("other.align.json")["axisRotation"] as? Double == 0)
  }

  @Test("A map that was binned by itself follows the alignment of its series")
  func applied() throws {
    let shop = try Workshop()
    let scene = [
      Ball(x: 12, y: -9, z: 5, radius: 6), Ball(x: -10, y: 8, z: -7, radius: 5),
      Ball(x: 3, y: 14, z: 9, radius: 4),
    ]
    try balls(scene, shop, columns: 59, rows: 56, to: "raw.tif")
    try shop.done("prepare raw.tif --crop 0,0,56,56 --out ready.tif --quiet")
    try shop.done("align ready.tif --axis-range 0 --out aligned.tif --quiet")
    // Of 59 columns binning by 2 keeps 58: the axis lies a quarter of a pixel to the right of the centre.
    try shop.done("prepare raw.tif --bin 2 --out map.tif --quiet")
    try shop.done("align map.tif --apply aligned.align.json --scale 0.5 --out placed.tif --quiet")
    for name in ["aligned", "placed"] {
      try shop.done(
        "reconstruct \(name).tif --method sirt --iterations 60 --out v-\(name).tif --quiet")
    }
    let (whole, binned) = (try centre(shop, "v-aligned.tif"), try centre(shop, "v-placed.tif"))
    #expect(
      abs(whole[0] - 2 * binned[0]) < 0.3 && abs(whole[2] - 2 * binned[2]) < 0.3,
      "\(whole) \(binned)")
  }

  @Test("Channels of spectra bring their axis along, and what contradicts the manifest is refused")
  func spectra() throws {
    let shop = try Workshop()
    try balls(
      [Ball(x: 10, y: 0.5, z: 6, radius: 5)], shop, columns: 48, rows: 16, to: "raw.tif")
    for name in ["a", "b"] {
      try shop.done("prepare raw.tif --crop 8,0,40,16 --out \(name).tif --quiet")
    }
    let manifest = """
      {"layout": "channels", "files": ["a.tif", "b.tif"], "energies": [500, 502], "tilts": "-70:70:2"}
      """
    try shop.write(manifest, to: "spectra.json")
    let told = try shop.done("spectra reconstruct . --method sirt --iterations 60 --out told")
    #expect(told.err.contains("axis offset of -4 pixels is taken"))
    let record = try shop.sidecar("told/spectra.json")
    let first = try #require((record["files"] as? [String])?.first)
    let found = try centre(shop, "told/" + first)
    #expect(abs(found[0] - 10) < 0.1 && abs(found[2] - 6) < 0.1, "\(found)")
    try shop.done("prepare raw.tif --crop 6,0,40,16 --out b.tif --quiet")
    let refused = try shop.run("spectra reconstruct . --method sirt --iterations 2 --out other")
    #expect(
      refused.code == 65 && refused.err.contains("-4.0 pixels") && refused.err.contains("-2.0"))
    try shop.done(
      "spectra reconstruct . --axis-offset -4 --method sirt --iterations 2 --out typed --quiet")
    try shop.write(manifest.replacing("}", with: ", \"tiltAxis\": \"x\"}"), to: "spectra.json")
    let turned = try shop.run("spectra reconstruct . --method sirt --iterations 2 --out turned")
    #expect(turned.code == 65 && turned.err.contains("runs along y by its sidecar"))
  }

  @Test("A sidecar that cannot be used is named, and one of a volume makes it no series")
  func unusable() throws {
    let shop = try Workshop()
    try balls(
      [Ball(x: 10, y: 0.5, z: 6, radius: 5)], shop, columns: 48, rows: 16, to: "raw.tif")
    try shop.done("prepare raw.tif --crop 8,0,40,16 --out c.tif --quiet")
    func said(_ text: String, _ word: String) throws {
      try shop.write(text, to: "c.json")
      let told = try shop.done("reconstruct c.tif --method fbp --out v.tif")
      #expect(told.err.contains("'c.json' \(word)"), "\(told.err)")
      #expect(try shop.done("info c.tif").err.contains("'c.json' \(word)"))
    }
    let whole = String(decoding: try shop.bytes("c.json"), as: UTF8.self)
    try said(String(whole.prefix(whole.count / 2)), "is damaged")
    try said(whole.replacing("\"c.tif\"", with: "\"d.tif\""), "describes 'd.tif'")
    try said(
      whole.replacing("\"axisOffset\" : -4", with: "\"axisOffset\" : \"-4\""), "contains a geometry"
    )
    try said(
      whole.replacing("\"axisOffset\" : -4", with: "\"axisOffset\" : 1e9"), "contains a geometry")
    // JSON of something else is nobody's business.
    try shop.write("{\"name\": \"beads\"}", to: "c.json")
    #expect(try !shop.done("reconstruct c.tif --method fbp --out v.tif").err.contains("c.json"))
    let volume = try shop.done(
      "reconstruct v.tif --tilts -70:70:3.5897435897435899 --method fbp --out w.tif")
    #expect(volume.err.contains("'v.json' states that this is not a tilt series (fbp)"))
  }
}
