import Files

extension TIFFPages {
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
    if [.uint32, .int32].contains(facts.sampleType), facts.compression == .none,
      let start = layout.pages.first?.start,
      try looksLikeFloats(file, at: start, info.byteOrder)
    {
      info.notes.append(.tiff(.floats))
    }
    info.notes +=
      order.notes + notes(directories.map(\.facts), layout)
      + lengthNotes(info, layout, directories.map(\.facts), planes: planes)
    guard let planesOffset else {
      return TIFFPages(info, file: handle, directories: order.pages.map { directories[$0] })
    }
    return ContiguousPages(
      info, file: file, dataOffset: planesOffset, isBottomUp: facts.orientation.flipsRows)
  }

  /// Whether 32-bit samples are absurd as counts and ordinary as floats, as where a writer left out the tag SampleFormat.
  private static func looksLikeFloats(
    _ file: InputFile, at start: Int, _ order: ByteOrder
  ) throws(StackError) -> Bool {
    let stored = HeaderBytes(
      bytes: try FileError.inStack { () throws(FileError) in try file.bytes(4096, at: start) },
      order: order)
    let offsets = stride(from: 0, to: stored.bytes.count - 3, by: 4)
    let seen = offsets.filter { stored.unsigned(at: $0, count: 4) != 0 }
    return !seen.isEmpty
      && seen.allSatisfy {
        stored.unsigned(at: $0, count: 4) > 1 << 29 && 1e-9...1e9 ~= abs(stored.float(at: $0))
      }
  }

  /// Bytes that no directory names, and strips that are too short; what is packed has no length of its own.
  private static func lengthNotes(
    _ info: StackInfo, _ layout: TIFFLayout, _ pages: [TIFFDirectory], planes: Int
  ) -> [StackNote] {
    guard pages.allSatisfy({ $0.compression == .none }), let stored = layout.storedCount else {
      return []
    }
    let pageBytes = info.shape.pixelsPerPage * info.sampleType.byteCount
    var notes: [StackNote] = []
    let sizes = layout.pages.compactMap(\.storedCount)
    if let page = sizes.indices.first(where: { sizes[$0] < pageBytes && !pages[$0].isTiled }) {
      notes.append(.tiff(.shortStrips(page: page + 1, stored: sizes[page], needs: pageBytes)))
    }
    guard !layout.hasSubdirectories else { return notes }
    let pixels = planes > 1 ? planes * pageBytes : stored
    let behind = info.byteCount - layout.end - (planes > 1 ? pixels - stored : 0)
    // Writers leave gaps of a few hundred bytes before pixels, and a few bytes behind them.
    let gaps = info.byteCount - layout.structureByteCount - pixels
    let left =
      gaps >= max(pageBytes, 4096) ? gaps : behind >= max(min(pageBytes, 4096), 64) ? behind : 0
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
        path: file.path, page: 2, reason: "its notes claim \(planes) pages, and there is one")
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
}
