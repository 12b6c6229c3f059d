import CPNG
import Fields
import Foundation
import Plots
import Testing

@Suite("Picture")
struct PictureTests {
  @Test("limits become black and white, the rest lies between")
  func greyLevels() {
    let values = FloatStorage([-5, 0, 1, 2, 9, .nan])
    let picture = Picture(values.span, width: 3, limits: 0...2)
    #expect(picture.pixels == [0, 0, 128, 255, 255, 0])
    #expect(picture.width == 3 && picture.height == 2)
  }

  @Test("a constant picture is mid-grey")
  func constant() {
    let values = FloatStorage(repeating: 4, count: 4)
    #expect(Picture(values.span, width: 2, limits: 4...4).pixels == [128, 128, 128, 128])
  }

  @Test("percentiles leave out the tails and what is not finite")
  func percentiles() {
    let values = FloatStorage((0...100).map(Float.init) + [.nan, .infinity])
    let limits = GreyScale.percentiles(5, 90).limits(for: values.span)
    #expect(limits == 5...90)
  }

  @Test("magnified pixels are squares")
  func magnified() {
    let picture = Picture(FloatStorage([0, 1]).span, width: 2, limits: 0...1).magnified(by: 2)
    #expect(picture.pixels == [0, 0, 255, 255, 0, 0, 255, 255])
  }

  @Test("three grey pictures make one coloured")
  func channels() {
    let grey = [10, 20, 30].map { Picture(width: 1, height: 1, shade: $0) }
    let picture = Picture(red: grey[0], green: grey[1], blue: grey[2])
    #expect(picture.pixels == [10, 20, 30] && picture.channelCount == 3)
  }

  @Test("a PNG file holds the pixels that were written", arguments: [1, 3])
  func png(channelCount: Int) throws {
    let values = FloatStorage((0..<35).map(Float.init))
    let grey = Picture(values.span, width: 7, limits: 0...34)
    let picture =
      channelCount == 1 ? grey : Picture(red: grey, green: Picture(width: 7, height: 5), blue: grey)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.png").path
    try picture.write(to: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])

    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    try #require(unsafe png_image_begin_read_from_file(&image, path) != 0)
    let (width, height, format) = unsafe (image.width, image.height, image.format)
    #expect(width == 7 && height == 5)
    #expect(format == (channelCount == 1 ? 0 : PNG_FORMAT_FLAG_COLOR))
    var pixels = [UInt8](repeating: 0, count: 35 * channelCount)
    try #require(unsafe png_image_finish_read(&image, nil, &pixels, 0, nil) != 0)
    #expect(pixels == picture.pixels)
  }

  @Test("a folder that does not exist is named in the error")
  func noFolder() {
    let path = FileManager.default.temporaryDirectory.path + "/no such folder/a.png"
    #expect(throws: PlotError.cannotWrite(path)) {
      try Picture(width: 1, height: 1).write(to: path)
    }
  }
}
