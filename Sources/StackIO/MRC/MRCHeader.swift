import Files

/// The fixed part of an MRC file's header.
///
/// The start of the box (bytes 16–27), the statistics but for their signs, the space group below 401, the version and
/// the origin change nothing in a stack of pictures and are not used.
///
/// Source: https://www.ccpem.ac.uk/mrc_format/mrc2014.php and IMOD's mrc_format.txt.
struct MRCHeader {
  static let byteCount = 1024

  let fields: HeaderBytes
  let shape: StackShape
  let samples: MRCSamples
  let dataOffset: Int
  private(set) var notes: [MRCNote] = []

  var sampleType: SampleType { samples.type }
  var extendedByteCount: Int { dataOffset - Self.byteCount }
  /// Four letters, or none.
  var extendedKind: String { fields.text(at: 104, count: 4) }

  /// `nil` when the bytes are no MRC header in either byte order.
  init?(_ start: [UInt8], of file: InputFile) throws(StackError) {
    guard start.count >= 16 else { return nil }
    let little = HeaderBytes(bytes: start, order: .littleEndian)
    let big = HeaderBytes(bytes: start, order: .bigEndian)
    let isStampedBig = start.count > 213 && start[212] == 0x11 && start[213] == 0x11
    let orders = isStampedBig ? [big, little] : [little, big]
    let plausible = orders.filter(Self.isPlausible)
    // Sizes such as 256 are plausible in either order; axes are not.
    guard let fields = plausible.first(where: Self.hasAxes) ?? plausible.first else { return nil }
    guard start.count == Self.byteCount else {
      throw .truncated(
        path: file.path, page: 1, needs: Self.byteCount, byteCount: file.byteCount)
    }
    samples = try MRCSamples(fields, path: file.path)
    let extended = fields.int32(at: 92)
    guard extended >= 0, extended <= file.byteCount - Self.byteCount else {
      throw .extendedHeader(path: file.path, claims: extended, byteCount: file.byteCount)
    }
    self.fields = fields
    shape = StackShape(
      pageCount: fields.int32(at: 8), rowCount: fields.int32(at: 4),
      columnCount: fields.int32(at: 0))
    dataOffset = Self.byteCount + extended
    try checkAxes(file)
    try checkLength(file)
    notes += samples.notes
    noteVolumes()
    noteCell()
  }

  private static func isPlausible(_ fields: HeaderBytes) -> Bool {
    [0, 4, 8].allSatisfy { (1..<(1 << 24)).contains(fields.int32(at: $0)) }
      && (MRCSamples.modes.contains(fields.int32(at: 12))
        || fields.text(at: 208, count: 3) == "MAP" && 0...1000 ~= fields.int32(at: 12))
  }

  private static func hasAxes(_ fields: HeaderBytes) -> Bool {
    fields.bytes.count < byteCount || [64, 68, 72].allSatisfy { 0...3 ~= fields.int32(at: $0) }
  }

  /// Which of x, y and z columns, rows and sections are; old files leave it unsaid.
  private func checkAxes(_ file: InputFile) throws(StackError) {
    let axes = [64, 68, 72].map { fields.int32(at: $0) }
    guard axes == [1, 2, 3] || axes == [0, 0, 0] else {
      throw .unsupported(
        path: file.path, page: 1,
        feature:
          "columns, rows and sections along axes \(axes.map { "\($0)" }.joined(separator: ", ")), not 1, 2, 3"
      )
    }
  }

  /// Counts are below 2²⁴, so a page's bytes fit; pages are compared by division.
  private mutating func checkLength(_ file: InputFile) throws(StackError) {
    let pageBytes = shape.pixelsPerPage * sampleType.byteCount
    let whole = (file.byteCount - dataOffset) / pageBytes
    guard shape.pageCount <= whole else {
      // Without an extended header they would fit.
      if extendedByteCount > 0, shape.pageCount <= (file.byteCount - Self.byteCount) / pageBytes {
        throw .extendedHeader(
          path: file.path, claims: extendedByteCount, byteCount: file.byteCount)
      }
      throw .truncated(
        path: file.path, page: whole + 1, needs: dataOffset + (whole + 1) * pageBytes,
        byteCount: file.byteCount)
    }
    let left = file.byteCount - dataOffset - shape.pageCount * pageBytes
    if left > 0 { notes.append(.longer(byteCount: left, pageByteCount: pageBytes)) }
  }

  /// A space group of 401 and more means volumes of `mz` pages, one behind the other.
  private mutating func noteVolumes() {
    let depth = fields.int32(at: 36)
    if 401...630 ~= fields.int32(at: 88), depth > 0, depth < shape.pageCount {
      notes.append(.volumes(pages: depth))
    }
  }

  private mutating func noteCell() {
    let lengths = (0..<3).map { cellLength($0) }
    let isAbsurd = lengths[0] > 0 && fields.int32(at: 28) > 0 && cellSpacing(0) == nil
    if isAbsurd || lengths.contains(where: { !($0 >= 0 && $0.isFinite) }) {
      notes.append(.cell(lengths))
    }
    guard cellLength(0) > 0 else { return }
    let grid = (columns: fields.int32(at: 28), rows: fields.int32(at: 32))
    if isUnitGrid {
      notes.append(.unitGrid)
    } else if grid.columns != shape.columnCount || grid.rows != shape.rowCount {
      notes.append(.grid(columns: grid.columns, rows: grid.rows))
    }
    let angles = [52, 56, 60].map { fields.float(at: $0) }
    if angles.contains(where: { $0 != 0 && !(abs($0 - 90) < 0.01) }) {
      notes.append(.cellAngles(angles))
    }
  }

  private func cellLength(_ axis: Int) -> Double { fields.float(at: 40 + 4 * axis) }

  private var isUnitGrid: Bool {
    fields.int32(at: 28) == 1 && fields.int32(at: 32) == 1
      && (shape.columnCount > 1 || shape.rowCount > 1)
  }

  /// Cell length over grid size in Å, as nm; `nil` where either is not set.
  func cellSpacing(_ axis: Int) -> Double? {
    let size = [shape.columnCount, shape.rowCount, shape.pageCount][axis]
    let grid = isUnitGrid ? size : fields.int32(at: 28 + 4 * axis)
    guard grid > 0 else { return nil }
    return plausibleSpacing(cellLength(axis) / Double(grid) / 10)
  }
}
