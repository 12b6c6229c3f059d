/// The two file formats of image stacks.
package enum StackFormat: String, Sendable, Codable, CaseIterable {
  case tiff
  case mrc

  /// The format that a file name's ending stands for: tif, tiff; mrc, st, ali, rec, map.
  package init?(pathExtension: String) {
    switch pathExtension.lowercased() {
    case "tif", "tiff": self = .tiff
    case "mrc", "st", "ali", "rec", "map": self = .mrc
    default: return nil
    }
  }
}

/// How many pages an image stack has, and how many rows and columns each of them.
public struct StackShape: Hashable, Sendable, Codable {
  package let pageCount: Int
  package let rowCount: Int
  package let columnCount: Int

  package init(pageCount: Int, rowCount: Int, columnCount: Int) {
    (self.pageCount, self.rowCount, self.columnCount) = (pageCount, rowCount, columnCount)
  }

  /// Pixels of one page.
  package var pixelsPerPage: Int { rowCount * columnCount }
}

/// What one stored sample is.
package enum SampleType: String, Sendable, Codable, CaseIterable {
  case int8, uint8, int16, uint16, int32, uint32, float16, float32, float64

  package var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .float64: 8
    }
  }
}

/// How the samples of a page are packed.
package enum StackCompression: String, Sendable, Codable, CaseIterable {
  case none, lzw, deflate, packBits

  /// More bytes than this cannot come out of one stored byte.
  var largestRatio: Int {
    switch self {
    case .none: 1
    case .packBits: 64
    case .lzw, .deflate: 2000
    }
  }
}

/// Which byte of a stored number comes first.
package enum ByteOrder: String, Sendable, Codable, CaseIterable {
  case littleEndian, bigEndian

  /// Whether stored numbers must be swapped to be read here.
  var isForeign: Bool { self == .bigEndian }
}

#if _endian(big)
  #error("StackIO reads and writes on little-endian processors only")
#endif

/// The line from stored samples to values: `value = offset + scale · stored`.
package struct ValueScale: Hashable, Sendable, Codable {
  package let scale: Double
  package let offset: Double

  package init(scale: Double, offset: Double) { (self.scale, self.offset) = (scale, offset) }
}
