import StackIO
import Testing

@Suite("StackLayout")
struct StackLayoutTests {
  private func million(_ format: StackFormat, _ pages: Int) -> StackLayout? {
    StackLayout(
      format, shape: StackShape(pageCount: pages, rowCount: 1024, columnCount: 1024),
      sampleType: .float32, spacing: StackSpacing(column: 3.36, row: 3.36))
  }

  @Test("a TIFF becomes a BigTIFF where classic offsets end, at 4 GiB with its directories")
  func bigTIFF() throws {
    let below = try #require(million(.tiff, 1023))
    #expect(!below.isBigTIFF && below.byteCount <= 1 << 32)
    let above = try #require(million(.tiff, 1024))
    #expect(above.isBigTIFF && above.byteCount > 1 << 32)
    #expect(try #require(million(.mrc, 4096)).byteCount == 1024 + 4 << 32)
  }

  @Test("the header fills the file up to the first pixel", arguments: [1, 2, 7, 1023, 1024])
  func header(pages: Int) throws {
    for format in StackFormat.allCases {
      let layout = try #require(million(format, pages))
      #expect(layout.header(range: 0...1).count == layout.dataOffset)
      #expect(layout.byteCount == layout.dataOffset + pages << 22)
    }
  }

  @Test("rows lie top down in TIFF and bottom up in MRC")
  func rows() throws {
    let tiff = try #require(million(.tiff, 3))
    #expect(tiff.offset(page: 1, row: 0) == tiff.dataOffset + 1 << 22)
    let mrc = try #require(million(.mrc, 3))
    #expect(mrc.offset(page: 1, row: 1023) == 1024 + 1 << 22)
  }

  @Test("resolutions become the nearest fractions of 32-bit numbers")
  func fractions() {
    for value in [1 / 3.36, 1, 0.1, 1234.5678, 1e-6, 3e8, .pi] {
      let (numerator, denominator) = fraction(value)
      #expect(abs(Double(numerator) / Double(denominator) - value) < 1e-9 * value)
    }
    #expect(fraction(0.25) == (1, 4))
  }
}
