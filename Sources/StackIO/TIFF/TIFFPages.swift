import CTIFF
import Fields
import Files

/// The pages of a TIFF file, unpacked by libtiff.
final class TIFFPages: PageSource {
  let info: StackInfo
  private let file: TIFFHandle
  private let directories: [(offset: UInt64, facts: TIFFDirectory)]
  private let decoder: SampleDecoder
  /// The bytes of one strip or tile.
  private var buffer = FloatStorage(zeros: 0)

  /// Whether a file that starts so is TIFF or BigTIFF.
  static func begins(_ start: [UInt8]) -> Bool {
    [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]]
      .contains { start.starts(with: $0) }
  }

  init(
    _ info: StackInfo, file: TIFFHandle,
    directories: [(offset: UInt64, facts: TIFFDirectory)]
  ) {
    (self.info, self.file, self.directories) = (info, file, directories)
    // libtiff delivers samples in this processor's byte order.
    decoder = SampleDecoder(type: info.sampleType, isForeign: false, scale: info.valueScale)
  }

  func readPage(_ page: Int, into pixels: inout MutableSpan<Float>) throws(StackError) {
    let (offset, facts) = directories[page]
    try file.jump(to: offset, page: page)
    let grid = facts.segmentGrid
    let largest = facts.segmentByteCount(down: 0)
    if buffer.count * 4 < largest {
      buffer = try FloatStorage(allocating: (largest + 3) / 4, for: info.path)
    }
    let stride = facts.segment.columnCount * facts.sampleType.byteCount
    for down in 0..<grid.down {
      let count = facts.segmentByteCount(down: down)
      let top = down * facts.segment.rowCount
      for across in 0..<grid.across {
        try file.readSegment(
          down * grid.across + across, page: page, count: count, into: &buffer)
        let left = across * facts.segment.columnCount
        let columns = min(facts.segment.columnCount, facts.columnCount - left)
        for row in 0..<min(facts.segment.rowCount, facts.rowCount - top) {
          let shown = facts.orientation.flipsRows ? facts.rowCount - 1 - top - row : top + row
          decoder.decode(
            unsafe buffer.span.bytes.extracting(row * stride..<(row + 1) * stride), count: columns,
            into: &pixels, at: shown * facts.columnCount + left)
        }
      }
    }
    if facts.orientation.flipsColumns { mirror(&pixels, columnCount: facts.columnCount) }
  }

  private func mirror(_ pixels: inout MutableSpan<Float>, columnCount: Int) {
    for start in stride(from: 0, to: pixels.count, by: columnCount) {
      for i in 0..<columnCount / 2 { pixels.swapAt(start + i, start + columnCount - 1 - i) }
    }
  }
}
