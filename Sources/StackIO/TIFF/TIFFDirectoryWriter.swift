/// The bytes of a little-endian TIFF or BigTIFF before its pixels: header, shared values, and one
/// directory per page, each page one strip.
///
/// Source: TIFF revision 6.0, and the BigTIFF design at http://bigtiff.org.
struct TIFFDirectoryWriter {
  let layout: StackLayout
  let description: String

  private static let entryCount = 12  // and one more, the description, on the first page

  private struct Sizes {
    let header: Int
    let entry: Int
    let count: Int
    let offset: Int

    init(isBig: Bool) {
      (header, entry, count, offset) = isBig ? (16, 20, 8, 8) : (8, 12, 2, 4)
    }

    func directory(entries: Int) -> Int { count + entries * entry + offset }
  }

  /// Header, resolution, description with its closing zero, all in steps of 16 bytes.
  private static func sharedByteCount(_ description: String, _ sizes: Sizes) -> Int {
    roundedUp(sizes.header + 8 + description.utf8.count + 1)
  }

  private static func roundedUp(_ count: Int) -> Int { (count + 15) & ~15 }

  static func dataOffset(pageCount: Int, description: String, isBig: Bool) -> Int {
    let sizes = Sizes(isBig: isBig)
    return roundedUp(
      sharedByteCount(description, sizes) + sizes.directory(entries: entryCount + 1)
        + (pageCount - 1) * sizes.directory(entries: entryCount))
  }

  func bytes() -> [UInt8] {
    let isBig = layout.isBigTIFF
    let sizes = Sizes(isBig: isBig)
    let start = Self.sharedByteCount(description, sizes)
    var out = ByteWriter()
    out.bytes.reserveCapacity(layout.dataOffset)
    out.text("II")
    if isBig {
      out.number(43, 2)
      out.number(8, 2)
      out.number(0, 2)
    } else {
      out.number(42, 2)
    }
    out.number(UInt64(start), sizes.offset)
    out.number(resolution, 8)
    out.text(description)
    out.pad(to: start)
    for page in 0..<layout.shape.pageCount {
      directory(page, sizes, &out)
    }
    out.pad(to: layout.dataOffset)
    return out.bytes
  }

  private func directory(_ page: Int, _ sizes: Sizes, _ out: inout ByteWriter) {
    let entries = Self.entryCount + (page == 0 ? 1 : 0)
    let next = out.bytes.count + sizes.directory(entries: entries)
    out.number(UInt64(entries), sizes.count)

    func entry(_ tag: UInt64, _ type: UInt64, _ count: Int, _ value: UInt64) {
      out.number(tag, 2)
      out.number(type, 2)
      out.number(UInt64(count), sizes.offset)
      out.number(value, sizes.offset)
    }
    let (short, long, rational): (UInt64, UInt64, UInt64) = (3, 4, 5)
    let place = layout.isBigTIFF ? UInt64(16) : long  // LONG8
    let resolutionField = layout.isBigTIFF ? resolution : UInt64(sizes.header)

    entry(256, long, 1, UInt64(layout.shape.columnCount))
    entry(257, long, 1, UInt64(layout.shape.rowCount))
    entry(258, short, 1, UInt64(layout.sampleType.byteCount * 8))
    entry(259, short, 1, 1)  // no compression
    entry(262, short, 1, 1)  // black is zero
    if page == 0 { entry(270, 2, description.utf8.count + 1, UInt64(sizes.header + 8)) }
    entry(273, place, 1, UInt64(layout.dataOffset + page * layout.pageBytes))
    entry(278, long, 1, UInt64(layout.shape.rowCount))
    entry(279, place, 1, UInt64(layout.pageBytes))
    entry(282, rational, 1, resolutionField)
    entry(283, rational, 1, resolutionField)
    entry(296, short, 1, 1)  // the unit is in the description
    entry(339, short, 1, layout.sampleType == .float32 ? 3 : 1)
    out.number(page + 1 < layout.shape.pageCount ? UInt64(next) : 0, sizes.offset)
  }

  /// Pixels per nm as a fraction, numerator in the low half.
  private var resolution: UInt64 {
    let (numerator, denominator) = fraction(layout.spacing.column.map { 1 / $0 } ?? 1)
    return UInt64(numerator) | UInt64(denominator) << 32
  }
}

/// The fraction of 32-bit numbers nearest to `value` on its chain of continued fractions.
package func fraction(_ value: Double) -> (numerator: UInt32, denominator: UInt32) {
  let largest = Double(UInt32.max)
  var (n, d, lastN, lastD) = (1.0, 0.0, 0.0, 1.0)
  var rest = value
  while rest.isFinite {
    let whole = rest.rounded(.down)
    let (nextN, nextD) = (whole * n + lastN, whole * d + lastD)
    guard nextN <= largest, nextD <= largest else { break }
    (n, d, lastN, lastD) = (nextN, nextD, n, d)
    if abs(n / d - value) <= 1e-12 * value { break }
    rest = 1 / (rest - whole)
  }
  return d == 0 || n == 0 ? (1, 1) : (UInt32(n), UInt32(d))
}

/// Little-endian bytes, one after the other.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func number(_ value: UInt64, _ count: Int) {
    for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(i)))) }
  }
  mutating func int32(_ value: Int) { number(UInt64(bitPattern: Int64(value)), 4) }
  mutating func float(_ value: Double) { number(UInt64(Float(value).bitPattern), 4) }
  mutating func text(_ value: String) { bytes.append(contentsOf: value.utf8) }
  mutating func pad(to count: Int, with byte: UInt8 = 0) {
    while bytes.count < count { bytes.append(byte) }
  }
}
