import Fields
import Foundation
import Testing
import TestSupport

import Alignment

@Suite struct SplinePageTests {
  private func picture(_ name: String) throws -> Image {
    Image(try goldenFloats(name, in: .module), columnCount: 36)
  }

  /// A sum of waves no shorter than 8 pixels.
  private func smooth(_ size: Int = 96) -> Image {
    let waves = (0..<12).map { k -> (Double, Double, Double) in
      let (angle, f) = (Double(k) * 2.4, 0.02 + 0.105 * Double(k) / 11)
      return (f * cos(angle), f * sin(angle), Double(k) * 1.7)
    }
    let pixels = (0..<size * size).map { i -> Float in
      let (u, v) = (Double(i % size), Double(i / size))
      return Float(waves.reduce(0) { $0 + cos(2 * .pi * ($1.0 * u + $1.1 * v) + $1.2) })
    }
    return Image(pixels, columnCount: size)
  }

  /// `‖a − b‖ / ‖b‖` away from the border.
  private func loss(_ a: Image, _ b: Image, margin: Int) -> Double {
    var (difference, size) = (0.0, 0.0)
    for row in margin..<a.rowCount - margin {
      for column in margin..<a.columnCount - margin {
        let d = Double(a[row, column] - b[row, column])
        (difference, size) = (difference + d * d, size + pow(Double(b[row, column]), 2))
      }
    }
    return (difference / size).squareRoot()
  }

  @Test("A turned, magnified and moved page is that of SciPy's cubic B-spline")
  func golden() throws {
    let placement = Placement(across: 2.3, along: -1.7, rotation: 0.2, magnification: 1.1)
    let placed = SplinePage(try picture("page.f32")).placed(placement).page
    let expected = try picture("placed.f32")
    let worst = zip(placed.pixels, expected.pixels).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 2e-6)
  }

  @Test("A page that stays is itself, and wholly covered")
  func identity() throws {
    let page = try picture("page.f32")
    let placed = SplinePage(page).placed(Placement())
    #expect(placed.covered == 1)
    let worst = zip(placed.page.pixels, page.pixels).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-6)
  }

  @Test("Ten composed shifts there, and back, cost less than a thousandth of a band-limited page")
  func tenShifts() {
    let page = smooth()
    let steps = (0..<10).map { k in
      Placement(across: 4 * sin(Double(k) * 1.3), along: 3 * cos(Double(k) * 2.1))
    }
    let there = steps.reduce(Placement()) { $0.then($1) }
    let moved = SplinePage(page).placed(there).page
    let back = SplinePage(moved).placed(there.inverse).page
    #expect(loss(moved, page, margin: 20) > 0.1)
    #expect(loss(back, page, margin: 20) < 1e-3)
  }

  @Test("Pixels from beyond the raw page take its border's value and are not counted as covered")
  func border() {
    let page = Image((0..<100).map { Float($0 % 10) }, columnCount: 10)
    let placed = SplinePage(page).placed(Placement(across: 4))
    #expect(abs(placed.covered - 0.6) < 1e-12)
    #expect(abs(placed.page[5, 0]) < 1e-4)
  }

  @Test("A page that was binned unevenly keeps the centre of the full one")
  func offCentre() {
    // 49 columns binned by 2 leave out the last: the centre, column 24, is that of pixel 11.75.
    let ramp = Image((0..<576).map { Float($0 % 24) }, columnCount: 24)
    let turned = SplinePage(ramp, offCentre: (0, 0.25)).placed(Placement()).page
    // Pixel c shows what lies c − 11.5 from the centre, which is at 11.75.
    #expect(abs(turned[12, 10] - 10.25) < 1e-4)
  }
}
