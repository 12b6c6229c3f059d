import Plots
import Testing

@Suite("Montage and scale bar")
struct MontageTests {
  @Test("grey and coloured pictures share a montage")
  func mixed() {
    let grey = Picture(width: 40, height: 30, shade: 7)
    let coloured = Picture(width: 20, height: 50, channelCount: 3, shade: 9)
    let montage = Picture.montage([Panel(grey, caption: "a"), Panel(coloured, caption: "b")])
    #expect(montage.channelCount == 3)
    #expect(montage.width == 8 + 40 + 8 + 20 + 8 && montage.height == 8 + 12 + 50 + 8)
    #expect(montage.pixels.count { $0 == 7 } == 40 * 30 * 3)
    #expect(montage.pixels.count { $0 == 9 } == 20 * 50 * 3)
  }

  @Test("captions make room for themselves")
  func captions() {
    let montage = Picture.montage([
      Panel(Picture(width: 4, height: 4, shade: 255), caption: "ten letter")
    ])
    #expect(montage.width == 8 + 59 + 8)
    #expect(montage.pixels.contains(0))
  }

  @Test(
    "the bar has a round length near a fifth of the width",
    arguments: [(1.0, 50), (0.37, 54), (10.0, 50), (2.4, 42)])
  func scaleBar(pixelSize: Double, expected: Int) {
    // 256 pixels: 51 nm → 50 nm, 19 nm → 20 nm, 512 nm → 500 nm, 123 nm → 100 nm.
    let picture = Picture(width: 256, height: 64, shade: 100).withScaleBar(pixelSize: pixelSize)
    let row = picture.pixels[(64 - 4) * 256..<(64 - 3) * 256]
    #expect(row.count { $0 == 255 } == expected)
  }
}
