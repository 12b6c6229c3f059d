import Testing

import Alignment

@Suite struct EnlargementTests {
  @Test("A placement found on binned pages does to raw points what it did to binned ones")
  func points() {
    let small = SeriesAlignment(
      placements: [Placement(across: 1.5, along: -0.5, rotation: 0.4, magnification: 1.05)])
    let raw = small.enlarged(by: 3, rows: 32, columns: 31)
    // Raw pixel x lies in binned pixel (x − 1)/3; centres are 15 and 15.5, 4.5 and 4.5.
    let (x, y) = (20.0, 7.0)
    let (u, v) = ((x - 1) / 3 - 4.5, (y - 1) / 3 - 4.5)
    let there = small.placements[0].applied(u, v)
    let got = raw.placements[0].applied(x - 15, y - 15.5)
    // Aligned raw pages show, from their centre, three times what aligned binned pages show.
    #expect(abs(got.across - 3 * there.across) < 1e-12)
    #expect(abs(got.along - 3 * there.along) < 1e-12)
  }
}
