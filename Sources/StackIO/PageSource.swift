import Files

/// Something that delivers the pages of an open stack.
protocol PageSource: AnyObject {
  var info: StackInfo { get }

  /// Fills `pixels`, `[row][column]` from the top, with page `page`.
  func readPage(_ page: Int, into pixels: inout MutableSpan<Float>) throws(StackError)
}

/// Uncompressed pages that follow each other without a gap.
final class ContiguousPages: PageSource {
  let info: StackInfo
  private let file: InputFile
  private let dataOffset: Int
  private let isBottomUp: Bool
  private let decoder: SampleDecoder
  private let rowsPerRead: Int
  private var buffer: [UInt8]

  /// - Parameter isBottomUp: whether the bottom row of a page is stored first.
  init(_ info: StackInfo, file: InputFile, dataOffset: Int, isBottomUp: Bool) {
    (self.info, self.file) = (info, file)
    (self.dataOffset, self.isBottomUp) = (dataOffset, isBottomUp)
    decoder = SampleDecoder(
      type: info.sampleType, isForeign: info.byteOrder.isForeign, scale: info.valueScale)
    let rowBytes = info.shape.columnCount * info.sampleType.byteCount
    rowsPerRead = max(1, min(info.shape.rowCount, Self.leastRead / rowBytes))
    buffer = [UInt8](repeating: 0, count: rowsPerRead * rowBytes)
  }

  /// Bytes that are read at once, or a row where that is longer.
  private static let leastRead = 1 << 20

  /// The bytes of the rows that are read at once, at most.
  static func readerByteCount(columns: Int, _ type: SampleType) -> Int {
    max(leastRead, columns * type.byteCount)
  }

  func readPage(_ page: Int, into pixels: inout MutableSpan<Float>) throws(StackError) {
    let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
    let rowBytes = columns * info.sampleType.byteCount
    let start = dataOffset + page * rows * rowBytes
    var row = 0
    while row < rows {
      let count = min(rowsPerRead, rows - row)
      do throws(FileError) {
        try file.read(count * rowBytes, at: start + row * rowBytes, into: &buffer)
      } catch {
        throw .file(error)
      }
      for i in 0..<count {
        let shown = isBottomUp ? rows - 1 - (row + i) : row + i
        decoder.decode(
          unsafe buffer.span.bytes.extracting(i * rowBytes..<(i + 1) * rowBytes), count: columns,
          into: &pixels, at: shown * columns)
      }
      row += count
    }
  }
}
