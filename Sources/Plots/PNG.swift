import CPNG
public import Foundation

extension Picture {
  /// The picture as a PNG file in memory.
  ///
  /// - Throws: ``PlotError/cannotEncode(_:)`` where libpng refuses.
  public func png() throws(PlotError) -> Data {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    unsafe image.width = png_uint_32(width)
    unsafe image.height = png_uint_32(height)
    unsafe image.format = channelCount == 3 ? PNG_FORMAT_FLAG_COLOR : 0
    defer { unsafe png_image_free(&image) }
    var byteCount = 0
    guard unsafe png_image_write_to_memory(&image, nil, &byteCount, 0, pixels, 0, nil) != 0
    else { throw .cannotEncode("\(width) × \(height)") }
    var data = Data(count: byteCount)
    let written = unsafe data.withUnsafeMutableBytes {
      unsafe png_image_write_to_memory(&image, $0.baseAddress, &byteCount, 0, pixels, 0, nil)
    }
    guard written != 0 else { throw .cannotEncode("\(width) × \(height)") }
    return data
  }

  /// Writes the picture as PNG, beside `path` first and then under its name.
  ///
  /// - Throws: ``PlotError`` where the file cannot be written.
  public func write(to path: String) throws(PlotError) {
    try png().write(whole: path)
  }
}

extension Data {
  /// Writes the file beside `path` and renames it, so that there is never half a file.
  func write(whole path: String) throws(PlotError) {
    do {
      try write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .cannotWrite(path)
    }
  }
}
