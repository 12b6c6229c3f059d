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

  /// Opens a TIFF file; a stack with one directory for all pages is read without libtiff.
  static func open(_ file: InputFile, start: [UInt8]) throws(StackError) -> any PageSource {
    let handle = try TIFFHandle(file)
    let description = TIFFDescription(handle)
    let dataOffset = handle.gaplessOffset
    let directories = try directories(handle, of: file)
    let (facts, layout) = (
      directories[0].facts, try TIFFLayout(file, start: start, pageCount: directories.count)
    )
    let planes = directories.count == 1 ? description.told(facts)?.value ?? 1 : 1
    let planesOffset = try planes > 1 ? rawOffset(planes, facts, file, dataOffset) : nil
    let order = try description.order(
      planes > 1 ? planes : directories.count, facts, path: file.path)
    var info = StackInfo(
      path: file.path, format: .tiff,
      shape: StackShape(
        pageCount: order.pages.count, rowCount: facts.rowCount, columnCount: facts.columnCount),
      sampleType: facts.sampleType, compression: facts.compression,
      byteOrder: handle.isBigEndian ? .bigEndian : .littleEndian, byteCount: file.byteCount,
      valueScale: description.valueScale(of: facts), description: description.text,
      readerByteCount: planes > 1
        ? ContiguousPages.readerByteCount(columns: facts.columnCount, facts.sampleType)
        : directories.map { $0.facts.readerByteCount(fileByteCount: file.byteCount) }.max() ?? 0)
    if let (spacing, source) = description.spacing {
      (info.spacing, info.spacingSource) = (spacing, source)
    }
    info.hyperstack = order.hyperstack
    info.notes =
      order.notes + notes(directories.map(\.facts), layout)
      + lengthNotes(info, layout, facts, planes: planes)
    guard let planesOffset else {
      return TIFFPages(info, file: handle, directories: order.pages.map { directories[$0] })
    }
    return ContiguousPages(
      info, file: file, dataOffset: planesOffset, isBottomUp: facts.orientation.flipsRows)
  }

  /// Bytes that no directory names, and strips that are too short; what is packed has no length of its own.
  private static func lengthNotes(
    _ info: StackInfo, _ layout: TIFFLayout, _ facts: TIFFDirectory, planes: Int
  ) -> [StackNote] {
    guard info.compression == .none else { return [] }
    let pageBytes = info.shape.pixelsPerPage * info.sampleType.byteCount
    var notes: [StackNote] = []
    if !facts.isTiled, let page = layout.pages.firstIndex(where: { $0.storedCount < pageBytes }) {
      notes.append(
        .tiff(
          .shortStrips(
            page: page + 1, stored: layout.pages[page].storedCount, needs: pageBytes)))
    }
    guard !layout.hasSubdirectories else { return notes }
    let pixels = planes > 1 ? planes * pageBytes : layout.storedCount
    let behind = info.byteCount - layout.end - (planes > 1 ? pixels - layout.storedCount : 0)
    // Writers leave gaps of a few hundred bytes before pixels, and a few bytes behind them.
    let gaps = info.byteCount - layout.structureByteCount - pixels
    let left = gaps >= max(pageBytes, 4096) ? gaps : behind >= max(pageBytes, 64) ? behind : 0
    if left > 0 { notes.append(.tiff(.longer(byteCount: left, pageByteCount: pageBytes))) }
    return notes
  }

  /// All directories of the file.
  private static func directories(
    _ handle: TIFFHandle, of file: InputFile
  ) throws(StackError) -> [(offset: UInt64, facts: TIFFDirectory)] {
    var directories: [(offset: UInt64, facts: TIFFDirectory)] = []
    while true {
      let page = directories.count
      let facts = try TIFFDirectory(handle, page: page, fileByteCount: file.byteCount)
      if let first = directories.first?.facts, first.summary != facts.summary {
        throw .pageDiffers(
          path: file.path, page: page + 1, found: facts.summary, first: first.summary)
      }
      directories.append((handle.directoryOffset, facts))
      if handle.isLastDirectory { return directories }
      try handle.advance(to: page + 1)
    }
  }

  private static func notes(_ pages: [TIFFDirectory], _ layout: TIFFLayout) -> [StackNote] {
    var notes = layout.notes
    if pages[0].largestOfWhiteZero != nil { notes.append(.whiteIsZero) }
    if let turned = pages.first(where: { $0.orientation != .upright }) {
      notes.append(.turned(turned.orientation))
    }
    if pages.contains(where: \.isUntold) { notes.append(.untoldSamples) }
    return notes.map { .tiff($0) }
  }

  /// Where the planes of all pages begin, one behind the other from that of the only directory.
  ///
  /// - Throws: ``StackError`` where they do not lie in the file, or not as they can be read.
  private static func rawOffset(
    _ planes: Int, _ facts: TIFFDirectory, _ file: InputFile, _ dataOffset: Int?
  ) throws(StackError) -> Int {
    guard let dataOffset, facts.compression == .none else {
      throw .damaged(
        path: file.path, page: 2, reason: "its notes claim \(planes) pages and there is one")
    }
    guard !facts.isReversed, !facts.orientation.flipsColumns else {
      throw .unsupported(
        path: file.path, page: 1,
        feature: "one directory for all pages, mirrored or with the lowest bit first")
    }
    let pageBytes = facts.rowCount * facts.columnCount * facts.sampleType.byteCount
    guard planes <= (file.byteCount - dataOffset) / pageBytes else {
      let whole = (file.byteCount - dataOffset) / pageBytes
      throw .truncated(
        path: file.path, page: whole + 1, needs: dataOffset + (whole + 1) * pageBytes,
        byteCount: file.byteCount)
    }
    return dataOffset
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
