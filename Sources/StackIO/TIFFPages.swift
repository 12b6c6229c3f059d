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

  /// Opens a TIFF file; a stack of ImageJ with one directory for all pages is read without libtiff.
  static func open(_ file: InputFile, start: [UInt8]) throws(StackError) -> any PageSource {
    let handle = try TIFFHandle(file)
    var directories: [(offset: UInt64, facts: TIFFDirectory)] = []
    let description = TIFFDescription(handle)
    let dataOffset = handle.gaplessOffset
    while true {
      let page = directories.count
      let facts = try TIFFDirectory(handle, page: page, fileByteCount: file.byteCount)
      if let first = directories.first?.facts, first.summary != facts.summary {
        throw .pageDiffers(
          path: file.path, page: page + 1, found: facts.summary, first: first.summary)
      }
      directories.append((handle.directoryOffset, facts))
      if handle.isLastDirectory { break }
      try handle.advance(to: page + 1)
    }
    let facts = directories[0].facts
    let planes = description.imageCount ?? 1
    let hasRawPlanes = directories.count == 1 && planes > 1
    let info = StackInfo(
      path: file.path, format: .tiff,
      shape: StackShape(
        pageCount: hasRawPlanes ? planes : directories.count, rowCount: facts.rowCount,
        columnCount: facts.columnCount),
      sampleType: facts.sampleType, compression: facts.compression,
      byteOrder: handle.isBigEndian ? .bigEndian : .littleEndian, byteCount: file.byteCount,
      spacing: description.spacing, valueScale: description.valueScale(of: facts.sampleType),
      tilts: nil, exposureDoses: nil, description: description.text,
      readerByteCount: hasRawPlanes
        ? ContiguousPages.readerByteCount(columns: facts.columnCount, facts.sampleType)
        : directories.map {
          $0.facts.readerByteCount(isTiled: handle.isTiled, fileByteCount: file.byteCount)
        }.max() ?? 0)
    guard hasRawPlanes else { return TIFFPages(info, file: handle, directories: directories) }
    guard let dataOffset, facts.compression == .none else {
      throw .damaged(
        path: file.path, page: 2, reason: "ImageJ's notes claim \(planes) pages and there is one")
    }
    let pageBytes = facts.rowCount * facts.columnCount * facts.sampleType.byteCount
    guard planes <= (file.byteCount - dataOffset) / pageBytes else {
      let whole = (file.byteCount - dataOffset) / pageBytes
      throw .truncated(
        path: file.path, page: whole + 1, needs: dataOffset + (whole + 1) * pageBytes,
        byteCount: file.byteCount)
    }
    return ContiguousPages(info, file: file, dataOffset: dataOffset, isBottomUp: false)
  }

  private init(
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
    let (grid, isTiled) = (facts.segmentGrid, file.isTiled)
    let largest = facts.segmentByteCount(down: 0, isTiled: isTiled)
    if buffer.count * 4 < largest {
      buffer = try FloatStorage(allocating: (largest + 3) / 4, for: info.path)
    }
    let stride = facts.segment.columnCount * facts.sampleType.byteCount
    for down in 0..<grid.down {
      let count = facts.segmentByteCount(down: down, isTiled: isTiled)
      let top = down * facts.segment.rowCount
      for across in 0..<grid.across {
        try file.readSegment(
          down * grid.across + across, page: page, count: count, into: &buffer)
        let left = across * facts.segment.columnCount
        let columns = min(facts.segment.columnCount, facts.columnCount - left)
        for row in 0..<min(facts.segment.rowCount, facts.rowCount - top) {
          decoder.decode(
            unsafe buffer.span.bytes.extracting(row * stride..<(row + 1) * stride), count: columns,
            into: &pixels, at: (top + row) * facts.columnCount + left)
        }
      }
    }
  }
}
