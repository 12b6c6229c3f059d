import CTIFF

/// The facts of one TIFF page, checked against the length of the file.
struct TIFFDirectory: Equatable {
  let rowCount: Int
  let columnCount: Int
  let sampleType: SampleType
  let compression: StackCompression
  /// Rows and columns of a strip (full width) or a tile.
  let segment: Segment
  let isTiled: Bool
  let orientation: Orientation
  /// Where 0 is white: the largest sample there is.
  let largestOfWhiteZero: Double?
  /// Whether the lowest bit of a byte comes first.
  let isReversed: Bool
  /// Whether the kind of the samples is not told.
  let isUntold: Bool

  struct Segment: Equatable {
    let rowCount: Int
    let columnCount: Int
  }

  /// Reads the current directory of `file`, which is page `page` (from 0).
  init(_ file: TIFFHandle, page: Int, fileByteCount: Int) throws(StackError) {
    func refuse(_ feature: String) -> StackError {
      .unsupported(path: file.path, page: page + 1, feature: feature)
    }
    guard let columns = file.long(TIFFTAG_IMAGEWIDTH), columns > 0,
      let rows = file.long(TIFFTAG_IMAGELENGTH), rows > 0
    else { throw .damaged(path: file.path, page: page + 1, reason: "it has no width or height") }
    let samples = file.short(TIFFTAG_SAMPLESPERPIXEL) ?? 1
    guard samples == 1 else { throw refuse("\(samples) samples per pixel (colour)") }
    let photometric = file.short(TIFFTAG_PHOTOMETRIC) ?? Int(PHOTOMETRIC_MINISBLACK)
    if let words = Photometric.refusal(photometric) { throw refuse(words) }
    let bits = file.short(TIFFTAG_BITSPERSAMPLE) ?? 1
    let kind = file.short(TIFFTAG_SAMPLEFORMAT) ?? 1
    switch (kind, bits) {
    case (1, 8), (4, 8): sampleType = .uint8
    case (1, 16), (4, 16): sampleType = .uint16
    case (1, 32), (4, 32): sampleType = .uint32
    case (2, 8): sampleType = .int8
    case (2, 16): sampleType = .int16
    case (2, 32): sampleType = .int32
    case (3, 16): sampleType = .float16
    case (3, 32): sampleType = .float32
    case (3, 64): sampleType = .float64
    case (5, _), (6, _): throw refuse("complex samples")
    default: throw refuse("\(bits)-bit \(kind == 3 ? "float" : "integer") samples")
    }
    isUntold = kind == 4
    largestOfWhiteZero = try Self.largest(photometric, kind: kind, bits: bits, refuse)
    let packing = file.short(TIFFTAG_COMPRESSION) ?? 1
    guard let known = StackCompression(tag: packing) else {
      throw refuse(StackCompression.name(tag: packing))
    }
    compression = known
    let turn = file.short(TIFFTAG_ORIENTATION) ?? 1
    guard let orientation = Orientation(rawValue: turn == 0 ? 1 : turn) else {
      throw refuse("rows that run as columns (orientation \(turn))")
    }
    self.orientation = orientation
    isReversed = file.short(TIFFTAG_FILLORDER) == Int(FILLORDER_LSB2MSB)
    isTiled = file.isTiled
    if isTiled {
      guard let height = file.long(TIFFTAG_TILELENGTH), height > 0,
        let width = file.long(TIFFTAG_TILEWIDTH), width > 0
      else { throw .damaged(path: file.path, page: page + 1, reason: "its tiles have no size") }
      segment = Segment(rowCount: height, columnCount: width)
    } else {
      let height = file.long(TIFFTAG_ROWSPERSTRIP) ?? rows
      segment = Segment(rowCount: max(1, min(height, rows)), columnCount: columns)
    }
    (rowCount, columnCount) = (rows, columns)
    try checkSizes(file, page: page, fileByteCount: fileByteCount)
    // As in MRC: sizes of fields are products of two sides, a depth and a few bytes.
    if let side = [rows, columns].first(where: { $0 >= 1 << 24 }) {
      throw refuse("a side of \(side) pixels (16777215 is the limit)")
    }
  }

  /// What a sample of white is, where 0 is white, less which it is the darkness.
  private static func largest(
    _ photometric: Int, kind: Int, bits: Int, _ refuse: (String) -> StackError
  ) throws(StackError) -> Double? {
    guard photometric == Int(PHOTOMETRIC_MINISWHITE) else { return nil }
    guard kind == 1 || kind == 4 else { throw refuse("0 as white in signed or float samples") }
    return Double(1 << bits - 1)
  }

  /// Strips or tiles down and across the page.
  var segmentGrid: (down: Int, across: Int) {
    (
      (rowCount + segment.rowCount - 1) / segment.rowCount,
      (columnCount + segment.columnCount - 1) / segment.columnCount
    )
  }

  /// A strip or tile unpacked, and packed where it is compressed, in bytes.
  func readerByteCount(fileByteCount: Int) -> Int {
    let unpacked = segmentByteCount(down: 0)
    return compression == .none ? unpacked : unpacked + min(unpacked, fileByteCount)
  }

  /// The unpacked bytes of strip or tile number `down` from the top.
  func segmentByteCount(down: Int) -> Int {
    let rows =
      isTiled ? segment.rowCount : min(segment.rowCount, rowCount - down * segment.rowCount)
    return rows * segment.columnCount * sampleType.byteCount
  }

  /// Every strip must lie in the file, and must be able to hold what it claims.
  private func checkSizes(
    _ file: TIFFHandle, page: Int, fileByteCount: Int
  ) throws(StackError) {
    let ratio = compression.largestRatio
    func impossible(_ claims: Int, _ holds: Int) -> StackError {
      .impossibleSize(path: file.path, page: page + 1, claims: claims, holds: holds)
    }
    // Counts are below 2³², so products of two and a byte count fit once the first is bounded.
    let (pixels, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !overflow, pixels <= fileByteCount * ratio / sampleType.byteCount else {
      if !overflow, compression == .none {
        throw .truncated(
          path: file.path, page: page + 1,
          needs: pixels.multipliedReportingOverflow(by: sampleType.byteCount).partialValue,
          byteCount: fileByteCount)
      }
      throw impossible(overflow ? .max : pixels, fileByteCount * ratio / sampleType.byteCount)
    }
    let (segmentPixels, tooLarge) = segment.rowCount.multipliedReportingOverflow(
      by: segment.columnCount)
    guard !tooLarge, segmentPixels <= fileByteCount * ratio / sampleType.byteCount else {
      throw impossible(tooLarge ? .max : segmentPixels, fileByteCount * ratio)
    }
    let grid = segmentGrid
    guard grid.down * grid.across <= fileByteCount, file.segmentCount == grid.down * grid.across
    else {
      throw .damaged(
        path: file.path, page: page + 1,
        reason: "it claims \(grid.down * grid.across) strips or tiles and has \(file.segmentCount)")
    }
    for down in 0..<grid.down {
      let claims = segmentByteCount(down: down)
      for across in 0..<grid.across {
        let index = down * grid.across + across
        let (offset, stored) = (file.segmentOffset(index), file.segmentByteCount(index))
        let (end, overflow) = offset.addingReportingOverflow(stored)
        guard !overflow, end <= UInt64(fileByteCount) else {
          throw .truncated(
            path: file.path, page: page + 1, needs: overflow ? .max : Int(clamping: end),
            byteCount: fileByteCount)
        }
        guard claims <= Int(stored) * ratio else { throw impossible(claims, Int(stored) * ratio) }
      }
    }
  }

  /// What this page is, in words.
  var summary: String {
    "\(rowCount) × \(columnCount) \(sampleType.rawValue)\(largestOfWhiteZero == nil ? "" : ", 0 as white")"
  }
}
