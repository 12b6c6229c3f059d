import CPNG
package import Foundation

extension Picture {
  /// The picture as a PNG file in memory.
  ///
  /// - Throws: ``PlotError/cannotEncode(_:)`` where libpng refuses.
  package func png() throws(PlotError) -> Data {
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
    data.insert(contentsOf: Self.mark, at: data.startIndex + 33)  // behind signature and IHDR
    return data
  }

  /// A text chunk `Software`, by which voxtilt knows its own pictures.
  private static let mark: [UInt8] = {
    let body = Array("tEXtSoftware\0voxtilt".utf8)
    func bigEndian(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    // CRC-32 as the PNG specification has it (ISO 3309).
    let crc = body.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
        crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1
      }
    }
    return bigEndian(UInt32(body.count - 4)) + body + bigEndian(~crc)
  }()
}

extension Picture: Writable {
  package func contents() throws(PlotError) -> Data { try png() }
}
