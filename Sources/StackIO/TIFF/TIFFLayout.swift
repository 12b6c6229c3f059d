import Files

/// How many bytes of a TIFF are no pixels, and what small tags say of each page: the directories read as they lie.
///
/// Source: TIFF revision 6.0, and the BigTIFF design at http://bigtiff.org.
struct TIFFLayout {
  /// Of one page.
  struct Page {
    /// Marked as a reduced copy of another (tag NewSubfileType).
    var isReduced = false
    /// Tag PageNumber.
    var number: Int?
  }

  /// Header, directories and the values that they point at.
  private(set) var byteCount: Int
  private(set) var pages: [Page] = []
  /// Directories below pages.
  private(set) var subdirectoryCount = 0
  private(set) var hasGreyResponse = false

  private static let valueSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

  /// - Parameter pageCount: directories that libtiff found.
  init(_ file: InputFile, start: [UInt8], pageCount: Int) throws(StackError) {
    let order: ByteOrder = start[0] == 0x4D ? .bigEndian : .littleEndian
    let head = HeaderBytes(bytes: start, order: order)
    let isBig = head.unsigned(at: 2, count: 2) == 43
    let (countSize, entrySize, offsetSize) = isBig ? (8, 20, 8) : (2, 12, 4)
    byteCount = isBig ? 16 : 8
    func bytes(_ count: Int, at offset: Int) throws(StackError) -> HeaderBytes {
      HeaderBytes(
        bytes: try FileError.inStack { () throws(FileError) in
          try file.bytes(count, at: offset)
        }, order: order)
    }
    var offset = Int(clamping: head.unsigned(at: isBig ? 8 : 4, count: offsetSize))
    for _ in 0..<pageCount {
      let head = try bytes(countSize, at: offset)
      guard head.bytes.count == countSize else { return }
      let count = min(1 << 16, Int(clamping: head.unsigned(at: 0, count: countSize)))
      let table = try bytes(count * entrySize + offsetSize, at: offset + countSize)
      guard table.bytes.count == count * entrySize + offsetSize else { return }
      byteCount += countSize + table.bytes.count
      var page = Page()
      for entry in stride(from: 0, to: count * entrySize, by: entrySize) {
        take(table, at: entry, valueAt: entry + entrySize - offsetSize, offsetSize, &page)
      }
      pages.append(page)
      offset = Int(clamping: table.unsigned(at: count * entrySize, count: offsetSize))
    }
  }

  private mutating func take(
    _ table: HeaderBytes, at entry: Int, valueAt value: Int, _ offsetSize: Int, _ page: inout Page
  ) {
    let tag = table.unsigned(at: entry, count: 2)
    let type = Int(table.unsigned(at: entry + 2, count: 2))
    let count = Int(clamping: table.unsigned(at: entry + 4, count: offsetSize))
    let size = Self.valueSizes.indices.contains(type) ? Self.valueSizes[type] : 0
    let (length, overflow) = count.multipliedReportingOverflow(by: size)
    if !overflow, length > offsetSize { byteCount = byteCount &+ length }
    switch tag {
    case 254: page.isReduced = table.unsigned(at: value, count: size == 2 ? 2 : 4) & 1 == 1
    case 290, 291: hasGreyResponse = true
    case 297 where size == 2: page.number = Int(table.unsigned(at: value, count: 2))
    case 330, 34665: subdirectoryCount += min(count, 1 << 16)
    default: break
    }
  }

  /// What contradicts itself.
  var notes: [TIFFNote] {
    var notes: [TIFFNote] = []
    let reduced = pages.indices.filter { pages[$0].isReduced }
    // A file whose every page is marked is one whose writer marks pages so.
    if !reduced.isEmpty, reduced.count < pages.count { notes.append(.previews(reduced.map { $0 + 1 })) }
    let numbers = pages.compactMap(\.number)
    if numbers.count == pages.count,
      let place = numbers.indices.dropFirst().first(where: { numbers[$0] < numbers[$0 - 1] })
    {
      notes.append(.pageNumbers(page: place + 1))
    }
    if hasGreyResponse { notes.append(.greyResponse) }
    if subdirectoryCount > 0 { notes.append(.subdirectories(subdirectoryCount)) }
    return notes
  }
}
