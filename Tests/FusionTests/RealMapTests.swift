import Fields
import Foundation
import Fusion
import TestSupport
import Testing

/// What real maps are: few counts, two elements that HAADF hardly tells apart, crystals, scaled counts.
@Suite struct RealMapTests: RealMaps {
  @Test("A flat patch keeps its counts, however few", arguments: [0.1, 0.3, 1])
  func flat(counts: Double) throws {
    let patch = image { row, column in
      12..<84 ~= row ? (12..<48 ~= column ? 1 : 48..<84 ~= column ? 0.5 : 0) : 0
    }
    let data = try detectors(
      [("Au", patch, 1000)], counts: counts, sigma: 10, exponent: 1.7)
    let result = try SensorFusion().fuse(try data.data())
    for level in [1, 0.5] {
      let isIn = { (i: Int) in patch[i] == level }
      let found = sum(concentration(result, 0), isIn) * result.elements[0].scale
      let counted = sum(data.maps[0].image, isIn)
      #expect(abs(found / counted - 1) < max(0.03, 1.2 / counted.squareRoot()), "\(level)")
    }
  }

  @Test(
    "Elements that HAADF hardly tells apart keep the ratio of their counts", arguments: [0.06, 0.3])
  func neighbours(counts: Double) throws {
    let core = image { self.radius($0, $1) < 22 ? 1 : 0 }
    let shell = image { 22..<38 ~= self.radius($0, $1) ? 1 : 0 }
    let mn = zip(core, shell).map { 0.47 * $0 + $1 }
    let co = zip(core, shell).map { $0 + 0.5 * $1 }
    let data = try detectors(
      [("Mn", mn, 0.88), ("Co", co, 1)], counts: counts, sigma: 0.015, seed: 3)
    let result = try SensorFusion().fuse(try data.data())
    #expect(!result.hasFallenBack)
    for e in 0..<2 {
      let map = data.maps[e].image
      let (inner, outer) = (sum(map) { core[$0] == 1 }, sum(map) { shell[$0] == 1 })
      let x = concentration(result, e)
      let found = sum(x) { core[$0] == 1 } / sum(x) { shell[$0] == 1 }
      let deviation = (1 / inner + 1 / outer).squareRoot()
      #expect(abs(found / (inner / outer) - 1) < max(0.15, 1.5 * deviation))
    }
  }

  @Test("Two lattices that explain HAADF raise no alarm", arguments: [1, 1.7])
  func lattices(exponent: Double) throws {
    let (a, b) = (lattice(4), lattice(12))
    let data = try detectors(
      [("Sc", a, 8000), ("Dy", b, 20000)], counts: 8, sigma: 400, exponent: exponent)
    let result = try SensorFusion().fuse(try data.data())
    #expect(result.isConsistent)
    for (e, truth) in [a, b].enumerated() {
      let x = concentration(result, e).pixels
      let scale = result.elements[e].scale / 8
      let squares = x.indices.reduce(0.0) {
        let difference = Double(x[$1]) * scale - truth[$1]
        return $0 + difference * difference
      }
      // The map alone errs by 0.07.
      #expect((squares / Double(side * side)).squareRoot() < 0.055)
    }
  }

  @Test("An element without a map is found in a region of two hundredths of the field")
  func region() throws {
    let (core, shell) = (
      image { self.radius($0, $1) < 20 ? 1 : 0 },
      image { 20..<38 ~= self.radius($0, $1) ? 0.5 : 0 }
    )
    let disc = image { row, column in self.radius(row - 34, column - 34) < 8 ? 0.5 : 0 }
    func result(_ extra: [Double]?) throws -> FusionResult {
      let data = try detectors(
        [("Au", core, 1), ("Ni", shell, 0.4)], counts: 8, sigma: 0.01, extra: extra)
      return try SensorFusion().fuse(try data.data())
    }
    #expect(try result(nil).isConsistent)
    #expect(try !result(disc).isConsistent)
  }

  @Test("Scaled counts are recognised, and told with what one count is worth")
  func scaled() throws {
    let disc = image { self.radius($0, $1) < 30 ? 1 : 0 }
    let counts = try detectors([("Au", disc, 1000)], counts: 20, sigma: 10)
    let map = counts.maps[0]
    let pixels = map.image.pixels.map { 0.03 * $0 }
    let scaled = ImageDetectors(
      counts.haadf,
      [.init(map.element, Image(pixels, columnCount: side))])
    let result = try SensorFusion().fuse(try scaled.inCounts().data())
    let element = result.elements[0]
    #expect(abs(element.countUnit / 0.03 - 1) < 0.2)
    #expect(abs(element.scale / 0.6 - 1) < 0.1)
    #expect(result.notes.contains { $0.contains("scaled counts") })
    let whole = try SensorFusion().fuse(try counts.inCounts().data())
    #expect(whole.elements[0].countUnit == 1)
  }
}
