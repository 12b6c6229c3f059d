import Fields
import RealModule
import TestSupport
import Testing

import Alignment

@Suite struct InterpolationTests {
  private let turned = Placement(across: 2.3, along: -1.7, rotation: 0.2, magnification: 1.1)

  private func picture(_ name: String) throws -> Image {
    Image(try goldenFloats(name, in: .module), columnCount: 36)
  }

  /// Sparse counts that leave an empty rim of four pixels.
  private var counts: Image {
    Image(
      (0..<600).map { i in
        let (row, column) = (i / 30, i % 30)
        guard 4..<16 ~= row, 4..<26 ~= column else { return 0 }
        return Float((row * 31 + column * 17) % 7 == 0 ? (row + column) % 4 : 0)
      }, columnCount: 30)
  }

  @Test(
    "Whole shifts are copies, bit by bit, with the border continued",
    arguments: [
      Interpolation.cubicSpline, .linear,
    ])
  func wholeShifts(interpolation: Interpolation) throws {
    let page = try picture("page.f32")
    for (across, along) in [(0, 0), (3, -2), (-40, 5)] {
      let placed = interpolation.placed(
        page, at: Placement(across: Double(across), along: Double(along)))
      for row in 0..<24 {
        for column in 0..<36 {
          let raw = page[min(max(row - along, 0), 23), min(max(column - across, 0), 35)]
          #expect(placed.page[row, column].bitPattern == raw.bitPattern)
        }
      }
      let inside = Double(max(0, 36 - abs(across)) * (24 - abs(along)))
      #expect(abs(placed.covered - inside / 864) < 1e-12)
    }
  }

  @Test("A page turned, magnified and moved linearly is that of SciPy")
  func golden() throws {
    let placed = Interpolation.linear.placed(try picture("page.f32"), at: turned).page
    let expected = try picture("linear.f32")
    let worst = zip(placed.pixels, expected.pixels).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-6)
  }

  @Test("Counts that are shared out keep their sum and never fall below 0; a spline falls below")
  func counted() {
    let page = counts
    let total = page.pixels.reduce(0.0) { $0 + Double($1) }
    let shift = Placement(across: 2.37, along: -1.81)
    let shared = Interpolation.linear.placed(page, at: shift).page.pixels
    #expect(total > 40 && shared.allSatisfy { $0 >= 0 })
    #expect(abs(shared.reduce(0.0) { $0 + Double($1) } - total) < 1e-4)
    #expect(Interpolation.linear.placed(page, at: turned).page.pixels.allSatisfy { $0 >= 0 })
    #expect((Interpolation.cubicSpline.placed(page, at: shift).page.pixels.min() ?? 0) < -0.01)
  }

  @Test("The variance that is left is the energy of a placed point, by SciPy")
  func shares() {
    let size = ImageSize(rowCount: 24, columnCount: 36)
    func share(_ way: Interpolation, _ placement: Placement) -> Double {
      way.varianceShare(placement, of: size)
    }
    for (way, quarter, half, mean) in [
      (Interpolation.linear, 0.625, 0.5, 0.66666), (.cubicSpline, 0.87075, 0.75613, 0.87423),
    ] {
      #expect(abs(share(way, Placement(across: -3.25, along: 2)) - quarter) < 1e-5)
      #expect(abs(share(way, Placement(across: 0.5, along: 1.25)) - half * quarter) < 1e-5)
      #expect(abs(share(way, turned) - mean * mean) < 1e-3)
      #expect(share(way, Placement(across: -7, along: 2)) == 1)
    }
  }
}
