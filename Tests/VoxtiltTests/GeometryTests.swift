import Foundation
import StackIO
import Testing

/// What moves the tilt axis, or takes pages away, is known to the next command.
@Suite struct GeometryTests {
  private static let tilts = Array(stride(from: -70.0, through: 70, by: 2))

  private struct Ball {
    /// From the centre of the pictures: across the axis, along it, along the beam.
    let (x, y, z): (Double, Double, Double)
    let radius: Double
  }

  /// The exact projections of balls, s = x cos θ + z sin θ across the axis.
  ///
  /// - Parameter turn: degrees of the axis from vertical, counter-clockwise.
  private func balls(
    _ balls: [Ball], _ shop: Workshop, columns: Int, rows: Int, turn: Double = 0, to name: String
  ) throws {
    var writer = try StackWriter(
      path: shop.path(name),
      shape: StackShape(pageCount: Self.tilts.count, rowCount: rows, columnCount: columns),
      pixelSize: 0.5)
    let (c, s) = (cos(turn * .pi / 180), sin(turn * .pi / 180))
    for (page, degrees) in Self.tilts.enumerated() {
      let angle = degrees * .pi / 180
      var pixels: [Float] = []
      for row in 0..<rows {
        for column in 0..<columns {
          let (down, right) = (
            Double(row) - Double(rows - 1) / 2, Double(column) - Double(columns - 1) / 2
          )
          let (across, along) = (right * c - down * s, right * s + down * c)
          let sum = balls.reduce(0.0) { sum, ball in
            let (v, u) = (along - ball.y, across - ball.x * cos(angle) - ball.z * sin(angle))
            return sum + 2 * max(0, ball.radius * ball.radius - v * v - u * u).squareRoot()
          }
          pixels.append(Float(sum))
        }
      }
      try writer.write(pixels.span, page: page)
    }
    _ = try writer.finish()
    try shop.write(
      Self.tilts.map { "\($0)\n" }.joined(),
      to: (name as NSString).deletingPathExtension + ".rawtlt")
  }

  /// The centre of mass of a volume above a sixth of its largest value, in voxels from the centre: x, y, z.
  private func centre(_ shop: Workshop, _ name: String) throws -> [Double] {
    var reader = try StackReader(path: shop.path(name))
    let shape = reader.info.shape
    var pages: [[Float]] = []
    for page in 0..<shape.pageCount {
      var values = [Float](repeating: 0, count: shape.pixelsPerPage)
      var span = values.mutableSpan
      try reader.readPage(page, into: &span)
      pages.append(values)
    }
    let limit = (pages.joined().max() ?? 0) / 6
    var (mass, sums) = (0.0, [0.0, 0.0, 0.0])
    for (z, page) in pages.enumerated() {
      for (i, value) in page.enumerated() where value > limit {
        let place = [i % shape.columnCount, i / shape.columnCount, z]
        for axis in 0..<3 { sums[axis] += Double(value) * Double(place[axis]) }
        mass += Double(value)
      }
    }
    let sides = [shape.columnCount, shape.rowCount, shape.pageCount]
    return (0..<3).map { sums[$0] / mass - Double(sides[$0] - 1) / 2 }
  }

  @Test(
    "A ball comes out at its place after cropping, and binning of sizes that do not divide",
    arguments: [
      ("--crop 8,0,84,36", 1.0, 0.0), ("--bin 2", 2, 0), ("--bin 3", 3, 0), ("--bin 4", 4, 0),
      ("--crop 5,3,89,32 --bin 2", 2, 1.0), ("--crop 9,0,86,36 --bin 3", 3, 0),
      ("--bin 4 --crop 1,0,22,9", 4, 0), ("--pad 5 --bin 4", 4, 0),
    ])
  func places(steps: String, factor: Double, shift: Double) throws {
    let shop = try Workshop()
    try balls(
      [Ball(x: 20, y: 2, z: 12, radius: 9)], shop, columns: 101, rows: 36, to: "raw.tif")
    try shop.done("prepare raw.tif \(steps) --out ready.tif --quiet")
    try shop.done("reconstruct ready.tif --method sirt --iterations 80 --out v.tif --quiet")
    let found = try centre(shop, "v.tif")
    let columns = try StackReader(path: shop.path("ready.tif")).info.shape
    // Along the axis rows left away at the end move the centre of what is kept.
    let kept = Double(columns.rowCount) * factor
    let top = steps.contains("5,3,89") ? 3.0 : steps.contains("--pad") ? -5 : 0
    let y = (35.0 / 2 + 2 - top - (kept - 1) / 2) / factor
    #expect(abs(found[0] - 20 / factor) < 0.1, "x \(found[0])")
    #expect(abs(found[1] - y) < 0.1, "y \(found[1]), expected \(y)")
    #expect(abs(found[2] - 12 / factor) < 0.1, "z \(found[2])")
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
    #expect(typed.err.contains("'c.json' tells other angles: -68° for page 1, where -67° is used"))
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
      #expect(refused.code == 65 && refused.err.contains("'c.tif' is not what 'c.json' tells of"))
    }
    #expect(try !shop.files().contains("v.tif"))
    try shop.done(
      "reconstruct c.tif --tilts c.rawtlt --axis-offset -4 --method fbp --out v.tif --quiet")
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
      decided.err.contains("'s.mrc.mdoc' tells other angles: 60° for page 1, where -60° is used"))
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
    #expect(said.err.contains("taken along \(axis), and is turned by"))
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
}
