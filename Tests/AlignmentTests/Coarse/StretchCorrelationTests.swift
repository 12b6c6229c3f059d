import Fields
import RealModule
import Testing

import Alignment

@Suite struct StretchCorrelationTests {
  private struct Spot { let u, v, a: Double }

  @Test("A thin slab, seen at all tilts, is brought back from its shifts")
  func slab() {
    // Spots in the plane z = 0, wide of 20°: a page at θ is that at 0° compressed by cos θ.
    let tilts = stride(from: -50.0, through: 50, by: 5).map { $0 }
    let spots = (0..<40).map { (k: Int) -> Spot in
      let (column, row) = ((k * 37) % 101, (k * 53) % 61)
      return Spot(u: Double(column) / 2 - 25, v: Double(row - 30), a: Double(k % 5 + 1))
    }
    let truth = tilts.indices.map { (k: Int) -> Placement in
      let (across, along) = ((k * 7) % 9 - 4, (k * 5) % 7 - 3)
      return Placement(across: Double(across), along: Double(along))
    }
    let pages = tilts.indices.map { k -> Image in
      let c = Double.cos(tilts[k] * .pi / 180)
      var page = Image([Float](repeating: 0, count: 6400), columnCount: 80)
      for spot in spots {
        let u = spot.u * c + 39.5 + truth[k].across
        let v = spot.v + 39.5 + truth[k].along
        for row in max(0, Int(v) - 7)..<min(80, Int(v) + 8) {
          for column in max(0, Int(u) - 7)..<min(80, Int(u) + 8) {
            let (du, dv) = (Double(column) - u, Double(row) - v)
            page[row, column] += Float(spot.a * Double.exp(-(du * du + dv * dv) / 4))
          }
        }
      }
      return page
    }
    let level = Level(pages, tilts: tilts, factor: 1, workers: Workers(1))
    let found = StretchCorrelation(level, pages, reach: 16)
    let placements = tilts.indices.map {
      Placement(across: found.across[$0], along: found.along[$0])
    }
    let left = AlignmentResidual(
      zip(truth, placements).map { $0.then($1) }, tilts: tilts)
    #expect(left.across < 0.5 && left.along < 0.3)
  }
}
