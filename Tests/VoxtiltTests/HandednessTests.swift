import SeriesIO
import Fields
import Foundation
import StackIO
import Testing
import Workflow

@Suite struct HandednessTests {
  @Test(
    "A chiral object keeps its hand through both formats and both tilt axes",
    arguments: [
      "y", "x",
    ])
  func chirality(axis: String) throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif")
    let truth = try readVolume(shop.path("truth.tif")).volume
    var pages: [[Float]] = []
    for ending in ["tif", "mrc"] {
      try shop.done(
        "simulate beads.json --tilts -70:70:4 --tilt-axis \(axis) --out s-\(ending).\(ending)")
      try shop.done(
        """
        reconstruct s-\(ending).\(ending) --tilts -70:70:4 --tilt-axis \(axis) --depth 28 \
        --iterations 20 --out r-\(ending).\(ending)
        """)
      let path = shop.path("r-\(ending).\(ending)")
      let volume = try readVolume(path, axis: axis == "x" ? .x : .y).volume
      let straight = correlation(volume, truth) { ($0, $1, $2) }
      #expect(straight > 0.8)
      #expect(straight > 2 * correlation(volume, truth) { (31 - $0, $1, $2) })
      #expect(straight > 2 * correlation(volume, truth) { ($0, 11 - $1, $2) })
      #expect(straight > 2 * correlation(volume, truth) { ($0, $1, 27 - $2) })
      pages.append(try pixels(path))
    }
    #expect(pages[0] == pages[1])
  }

  @Test("With the tilt axis along x the output is the truth turned, picture by picture")
  func turnedPicture() throws {
    let shop = try Workshop()
    for axis in ["y", "x"] {
      try shop.done("simulate beads.json --tilts -70:70:4 --tilt-axis \(axis) --out s\(axis).tif")
      try shop.done(
        """
        reconstruct s\(axis).tif --tilts -70:70:4 --tilt-axis \(axis) --depth 28 --iterations 5 \
        --out r\(axis).tif
        """)
    }
    for name in ["s", "r"] {
      let (upright, turned) = (
        try pixels(shop.path("\(name)y.tif")), try pixels(shop.path("\(name)x.tif"))
      )
      // Pages of 12 rows y and 32 columns x; turned, of 32 rows, x upwards, and 12 columns y.
      let isTurned = upright.indices.allSatisfy { i in
        let (page, y, x) = (i / 384, i / 32 % 12, i % 32)
        return turned[page * 384 + (31 - x) * 12 + y] == upright[i]
      }
      #expect(isTurned, "\(name)")
    }
  }

  @Test("--flip-tilts gives the mirror image along z")
  func flippedTilts() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -70:70:4 --out s.tif")
    let line = "reconstruct s.tif --tilts -70:70:4 --depth 28 --iterations 8"
    try shop.done("\(line) --out a.tif")
    try shop.done("\(line) --flip-tilts --out b.tif")
    let (a, b) = (
      try readVolume(shop.path("a.tif")).volume, try readVolume(shop.path("b.tif")).volume
    )
    #expect(correlation(a, b) { ($0, $1, 27 - $2) } > 0.99999)
    let geometry = try #require(try shop.sidecar("b.json")["geometry"] as? [String: Any])
    #expect(geometry["flipTilts"] as? Bool == true)
    #expect((geometry["tilts"] as? [Double])?.first == 70)
  }

  @Test("Neither method shifts the object by half a pixel")
  func noShift() throws {
    let shop = try Workshop()
    try shop.write(
      """
      {"name": "ball", "description": "One ball off the centre.", "unit": "halfWidth",
       "size": [33, 8, 30],
       "objects": [{"shape": "sphere", "centre": [0.26, 0, -0.315], "radius": 0.24, "density": 1}]}
      """, to: "ball.json")
    try shop.done("phantom ball.json --out truth.tif")
    try shop.done("simulate ball.json --tilts -90:88:2 --bins 40 --out s.tif")
    let line = "reconstruct s.tif --tilts -90:88:2 --width 33 --depth 30"
    try shop.done("\(line) --method fbp --out fbp.tif")
    try shop.done("\(line) --method sirt --iterations 100 --out sirt.tif")
    let truth = centre(try readVolume(shop.path("truth.tif")).volume)
    for name in ["fbp", "sirt"] {
      let found = centre(try readVolume(shop.path("\(name).tif")).volume)
      #expect(abs(found.x - truth.x) < 0.1 && abs(found.z - truth.z) < 0.1, "\(name): \(found)")
    }
  }

  /// The centre of all that exceeds a half, weighted by value.
  private func centre(_ volume: Volume) -> (x: Double, z: Double) {
    var (sum, x, z) = (0.0, 0.0, 0.0)
    each(volume.shape) { i, j, k in
      let value = Double(volume[i, j, k])
      guard value > 0.5 else { return }
      (sum, x, z) = (sum + value, x + value * Double(i), z + value * Double(k))
    }
    return (x / sum, z / sum)
  }

  /// The correlation coefficient of `a` and `b` seen through `place`.
  private func correlation(
    _ a: Volume, _ b: Volume, _ place: (Int, Int, Int) -> (Int, Int, Int)
  ) -> Double {
    var (n, sa, sb, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    each(a.shape) { x, y, z in
      let there = place(x, y, z)
      let (p, q) = (Double(a[x, y, z]), Double(b[there.0, there.1, there.2]))
      (n, sa, sb) = (n + 1, sa + p, sb + q)
      (aa, bb, ab) = (aa + p * p, bb + q * q, ab + p * q)
    }
    return (n * ab - sa * sb) / ((n * aa - sa * sa) * (n * bb - sb * sb)).squareRoot()
  }

  private func each(_ shape: VolumeShape, _ body: (Int, Int, Int) -> Void) {
    for z in 0..<shape.depth {
      for y in 0..<shape.sliceCount { for x in 0..<shape.width { body(x, y, z) } }
    }
  }

  /// All pixels, page by page, as displayed.
  private func pixels(_ path: String) throws -> [Float] {
    var reader = try StackReader(path: path)
    let shape = reader.info.shape
    var page = FloatStorage(zeros: shape.pixelsPerPage)
    var all: [Float] = []
    for index in 0..<shape.pageCount {
      var pixels = page.mutableSpan
      try reader.readPage(index, into: &pixels)
      for i in 0..<shape.pixelsPerPage { all.append(page.span[i]) }
    }
    return all
  }
}
