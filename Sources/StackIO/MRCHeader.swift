import Files

/// The fixed part of an MRC file's header.
///
/// Source: https://www.ccpem.ac.uk/mrc_format/mrc2014.php and IMOD's mrc_format.txt.
struct MRCHeader {
  static let byteCount = 1024

  let fields: HeaderBytes
  let shape: StackShape
  let sampleType: SampleType
  let dataOffset: Int

  /// `nil` when the bytes are no MRC header in either byte order.
  init?(_ start: [UInt8], of file: InputFile) throws(StackError) {
    guard start.count >= 16 else { return nil }
    let little = HeaderBytes(bytes: start, order: .littleEndian)
    let big = HeaderBytes(bytes: start, order: .bigEndian)
    let isStampedBig = start.count > 213 && start[212] == 0x11 && start[213] == 0x11
    let orders = isStampedBig ? [big, little] : [little, big]
    guard let fields = orders.first(where: Self.isPlausible) else { return nil }
    guard start.count == Self.byteCount else {
      throw .truncated(
        path: file.path, page: 1, needs: Self.byteCount, byteCount: file.byteCount)
    }
    guard let type = Self.sampleType(fields) else {
      throw .unsupported(
        path: file.path, page: 1, feature: "MRC mode \(fields.int32(at: 12))")
    }
    let extended = fields.int32(at: 92)
    guard extended >= 0, extended <= file.byteCount - Self.byteCount else {
      throw .truncated(
        path: file.path, page: 1, needs: Self.byteCount + max(extended, 0),
        byteCount: file.byteCount)
    }
    self.fields = fields
    shape = StackShape(
      pageCount: fields.int32(at: 8), rowCount: fields.int32(at: 4),
      columnCount: fields.int32(at: 0))
    sampleType = type
    dataOffset = Self.byteCount + extended
    // Counts are below 2²⁴, so a page's bytes fit; pages are compared by division.
    let pageBytes = shape.pixelsPerPage * type.byteCount
    let whole = (file.byteCount - dataOffset) / pageBytes
    guard shape.pageCount <= whole else {
      throw .truncated(
        path: file.path, page: whole + 1, needs: dataOffset + (whole + 1) * pageBytes,
        byteCount: file.byteCount)
    }
  }

  private static func isPlausible(_ fields: HeaderBytes) -> Bool {
    [0, 4, 8].allSatisfy { (1..<(1 << 24)).contains(fields.int32(at: $0)) }
      && [0, 1, 2, 3, 4, 6, 12, 16, 101].contains(fields.int32(at: 12))
  }

  private static func sampleType(_ fields: HeaderBytes) -> SampleType? {
    switch fields.int32(at: 12) {
    case 0:
      // IMOD marks its files, and in those bytes are signed only where bit 0 of its flags says so.
      fields.int32(at: 152) == 1_146_047_817 && fields.int32(at: 156) & 1 == 0 ? .uint8 : .int8
    case 1: .int16
    case 2: .float32
    case 6: .uint16
    default: nil
    }
  }

  /// Cell length over grid size in Å, as nm; `nil` where either is not set.
  private func cellSpacing(_ axis: Int) -> Double? {
    let grid = fields.int32(at: 28 + 4 * axis)
    guard grid > 0 else { return nil }
    return plausibleSpacing(fields.float(at: 40 + 4 * axis) / Double(grid) / 10)
  }

  /// The pages that this header describes.
  func pages(of file: InputFile) throws(StackError) -> ContiguousPages {
    let extra = try MRCExtendedHeader(self, of: file)
    let labelCount = max(0, min(10, fields.int32(at: 220)))
    let labels = (0..<labelCount).map { fields.text(at: 224 + 80 * $0, count: 80) }
    let info = StackInfo(
      path: file.path, format: .mrc, shape: shape, sampleType: sampleType, compression: .none,
      byteOrder: fields.order, byteCount: file.byteCount,
      spacing: StackSpacing(
        column: extra.pixelSize ?? cellSpacing(0), row: extra.pixelSize ?? cellSpacing(1),
        page: extra.pixelSize == nil ? cellSpacing(2) : nil),
      valueScale: labels.lazy.compactMap { MRCLabel.valueScale($0) }.first,
      tilts: extra.degrees.flatMap { try? TiltAngles($0, source: .header(path: file.path)) },
      exposureDoses: extra.exposureDoses,
      description: labels.isEmpty ? nil : labels.joined(separator: "\n"),
      readerByteCount: ContiguousPages.readerByteCount(columns: shape.columnCount, sampleType))
    return ContiguousPages(info, file: file, dataOffset: dataOffset, isBottomUp: true)
  }
}

/// The label that records how 16-bit samples become values.
enum MRCLabel {
  private static let words = ["voxtilt: value =", "+", "* stored"]

  static func text(_ scale: ValueScale) -> String {
    "\(words[0]) \(scale.offset) \(words[1]) \(scale.scale) \(words[2])"
  }

  static func valueScale(_ label: String) -> ValueScale? {
    guard label.hasPrefix(words[0]), label.hasSuffix(words[2]) else { return nil }
    let terms = label.dropFirst(words[0].count).dropLast(words[2].count).split(separator: " ")
    guard terms.count == 3, terms[1] == words[1], let offset = Double(terms[0]), offset.isFinite,
      let scale = Double(terms[2]), scale.isFinite
    else { return nil }
    return ValueScale(scale: scale, offset: offset)
  }
}
