import Fields
import Testing
import TestSupport

import Alignment

@Suite struct PictureFitTests {
  private func picture() throws -> Image {
    let page = Image(try goldenFloats("page.f32", in: .module), columnCount: 36)
    return Image(page.pixels.map { 5 * $0 + 1 }, columnCount: 36).smoothed(2)
  }

  @Test("A page that has moved, been scaled and raised is brought back over its prediction")
  func shift() throws {
    let prediction = try picture()
    let moved = SplinePage(prediction).placed(Placement(across: 0.3, along: -0.2)).page
    let page = Image(moved.pixels.map { 2 * $0 + 4 }, columnCount: 36)
    let fit = PictureFit(page, prediction, turns: false, magnifies: false)
    #expect(abs(fit.correction.across + 0.3) < 0.03 && abs(fit.correction.along - 0.2) < 0.03)
    #expect(fit.correlation > 0.9 && fit.correlation < 1)
  }

  @Test("Turns and magnifications are found where they are asked for, and only there")
  func turn() throws {
    let prediction = try picture()
    let truth = Placement(rotation: 0.02, magnification: 1.01)
    let page = SplinePage(prediction).placed(truth).page
    let fit = PictureFit(page, prediction, turns: true, magnifies: true)
    #expect(abs(fit.correction.rotation + 0.02) < 3e-3)
    #expect(abs(fit.correction.magnification - 1 / 1.01) < 3e-3)
    let bare = PictureFit(page, prediction, turns: false, magnifies: false)
    #expect(bare.correction.rotation == 0 && bare.correction.magnification == 1)
  }

  @Test("A page over itself has no residual, and one without content no correction")
  func ends() throws {
    let page = try picture()
    let own = PictureFit(page, page, turns: false, magnifies: false)
    #expect(own.residual < 1e-6 * own.energy && abs(own.correction.across) < 1e-4)
    let plain = Image([Float](repeating: 3, count: page.pixels.count), columnCount: 36)
    let none = PictureFit(plain, page, turns: false, magnifies: false)
    #expect(none.correction == Placement() && none.correlation == 0)
  }
}
