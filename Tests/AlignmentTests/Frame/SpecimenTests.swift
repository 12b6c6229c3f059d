import Fields
import Testing

import Alignment

@Suite struct SpecimenTests {
  @Test("A box has room for all that tilted pages see of a layer")
  func box() {
    #expect(Specimen(.within).box(columns: 96, tilts: [-60, 60]) == (96, 96))
    // x = (48 + 12 sin 60°) / cos 60° = 116.78
    #expect(Specimen(.beyond(thickness: 0.25)).box(columns: 96, tilts: [-60, 0]) == (234, 24))
    // At 90° a layer has no end: as much as at 72°, (48 + 12 sin 72°) / cos 72° = 192.26
    #expect(Specimen(.beyond(thickness: 0.25)).box(columns: 96, tilts: [90]) == (386, 24))
  }

  /// A level with some bright and dark pixels, in numbers.
  private func page(_ level: Float, bright: Int = 0, dark: Int = 0, height: Float = 4) -> Image {
    var pixels = [Float](repeating: level, count: 48 * 40)
    // Squares of 6 × 6, so that smoothing leaves their middle.
    for square in 0..<bright + dark {
      let (top, left) = (2 + square / 5 * 8, 2 + square % 5 * 8)
      for row in top..<top + 6 {
        for column in left..<left + 6 {
          pixels[row * 48 + column] += square < bright ? height : -height
        }
      }
    }
    return Image(pixels, columnCount: 48)
  }

  @Test("The level of a layer is taken off every page, and dark things are turned bright")
  func background() {
    let layer = Specimen(.beyond(thickness: 0.25))
    let bright = layer.raised([page(7, bright: 3), page(9, bright: 3)], workers: Workers(1))
    for page in bright { #expect(page[4, 4] == 4 && page[39, 47] == 0) }
    let dark = layer.raised([page(7, dark: 3), page(9, dark: 3)], workers: Workers(1))
    for page in dark { #expect(page[4, 4] == 4 && page[39, 47] == 0) }
  }

  @Test(
    "A bar that comes into the field on few pages is cut to one and a half times what others show")
  func bar() {
    var pages = (0..<5).map { page(7 + Float($0), bright: 4) }
    for row in 0..<40 { for column in 42..<48 { pages[4][row, column] += 300 } }
    let raised = Specimen(.beyond(thickness: 0.25)).raised(pages, workers: Workers(1))
    #expect(raised[4][20, 45] == 6 && raised[4][4, 4] == 4 && raised[3][4, 4] == 4)
  }

  @Test("Pages are cut to what nine in ten of them cover")
  func covered() {
    let pages = (0..<20).map { page(Float($0 % 3), bright: 2) }
    let level = Level(
      pages, tilts: pages.indices.map { Double($0) }, factor: 1, workers: Workers(1))
    var placements = pages.map { _ in Placement(across: 2.3, along: -1) }
    placements[7] = Placement(across: 30, along: 30)
    let cut = level.covered(by: placements)
    #expect((cut.rowCount, cut.columnCount) == (40 - 2, 48 - 6))
    // However far all pages were moved, two thirds remain.
    let far = level.covered(by: pages.map { _ in Placement(across: 40) })
    #expect((far.rowCount, far.columnCount) == (40, 48 - 16))
  }
}
