import Fields
import Fusion
import Testing

@Suite struct TrialPartTests {
  @Test("Strengths are searched where maps vary, not where they are brightest and plain")
  func edge() throws {
    // A bright block that fills whole parts, and a fine pattern beside it.
    let (rows, columns) = (96, 128)
    let pixels = (0..<rows * columns).map { i -> Float in
      let (row, column) = (i / columns, i % columns)
      return column < 64
        ? 100 : row < 32 && column >= 96 && (row / 8 + column / 8) % 2 == 0 ? 400 : 0
    }
    let image = Image(pixels, columnCount: columns)
    let detectors = ImageDetectors(image, [.init(try ChemicalElement("Au"), image)])
    let part = try #require(detectors.trial(side: 32))
    let values = part.haadf.pixels
    #expect(part.haadf.rowCount == 32 && part.haadf.columnCount == 32)
    #expect(values.max() == 400 && values.min() == 0)
  }

  @Test("Small images are searched whole")
  func small() throws {
    let image = Image([Float](repeating: 0, count: 4096), columnCount: 64)
    #expect(ImageDetectors(image, [.init(try ChemicalElement("Au"), image)]).trial(side: 32) == nil)
  }
}
