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
    /// Bytes of pixels, as the directory tells them (StripByteCounts, TileByteCounts); `nil` where it does not.
    var storedCount: Int?
    /// Where they begin.
    var start: Int?
  }

  /// Bytes of the header, of directories and of the values that they point at.
  private(set) var structureByteCount: Int
  private(set) var pages: [Page] = []
  /// Whether previews or the like hang below pages; they are left out, and their bytes are not counted.
  private(set) var hasSubdirectories = false
  private(set) var hasGreyResponse = false
  /// The end of the last directory, value or strip.
  private(set) var end: Int

  /// Of all pages; `nil` where one does not tell it.
  var storedCount: Int? {
    let told = pages.compactMap(\.storedCount)
    return told.count == pages.count ? told.reduce(0, +) : nil
  }

  /// - Parameter pageCount: directories that libtiff found.
  init(_ file: InputFile, start: [UInt8], pageCount: Int) throws(StackError) {
    let order: ByteOrder = start[0] == 0x4D ? .bigEndian : .littleEndian
    let head = HeaderBytes(bytes: start, order: order)
    let isBig = head.unsigned(at: 2, count: 2) == 43
    let (countSize, entrySize, offsetSize) = isBig ? (8, 20, 8) : (2, 12, 4)
    structureByteCount = isBig ? 16 : 8
    end = structureByteCount
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
      structureByteCount += countSize + table.bytes.count
      end = max(end, offset + countSize + table.bytes.count)
      var (page, places, lengths) = (Page(), [Int](), [Int]())
      for entry in stride(from: 0, to: count * entrySize, by: entrySize) {
        let field = Field(table, at: entry, valueAt: entry + entrySize - offsetSize, offsetSize)
        take(field, file.byteCount, &page)
        switch field.tag {
        case 273 where places.isEmpty, 324 where places.isEmpty:
          places = try field.numbers(of: file, table)
        case 279 where lengths.isEmpty, 325 where lengths.isEmpty:
          lengths = try field.numbers(of: file, table)
        default: break
        }
      }
      page.start = places.first
      if !places.isEmpty, places.count == lengths.count { page.storedCount = 0 }
      for (place, length) in zip(places, lengths)
      where place <= file.byteCount && length <= file.byteCount - place {
        page.storedCount = min(file.byteCount, (page.storedCount ?? 0) + length)
        end = max(end, place + length)
      }
      pages.append(page)
      offset = Int(clamping: table.unsigned(at: count * entrySize, count: offsetSize))
    }
  }

  private mutating func take(_ field: Field, _ fileByteCount: Int, _ page: inout Page) {
    if field.isOutside, field.length <= fileByteCount,
      field.place <= fileByteCount - field.length
    {
      structureByteCount += field.length
      end = max(end, field.place + field.length)
    }
    switch field.tag {
    case 254: page.isReduced = field.first & 1 == 1
    case 291: hasGreyResponse = true
    case 297: page.number = field.first
    case 330, 34665: hasSubdirectories = true
    default: break
    }
  }

  /// What contradicts itself.
  var notes: [TIFFNote] {
    var notes: [TIFFNote] = []
    let reduced = pages.indices.filter { pages[$0].isReduced }
    // A file whose every page is marked is one whose writer marks pages so.
    if let first = reduced.first, reduced.count < pages.count {
      notes.append(.previews(first: first + 1, count: reduced.count))
    }
    let numbers = pages.compactMap(\.number)
    if numbers.count == pages.count,
      let place = numbers.indices.dropFirst().first(where: { numbers[$0] < numbers[$0 - 1] })
    {
      notes.append(.pageNumbers(page: place + 1))
    }
    var seen: [Int: Int] = [:]
    for (index, page) in pages.enumerated() {
      guard let start = page.start else { continue }
      if let first = seen[start] {
        notes.append(.shared(page: index + 1, with: first + 1))
        break
      }
      seen[start] = index
    }
    if hasGreyResponse { notes.append(.greyResponse) }
    return notes
  }
}

/// One entry of a directory.
private struct Field {
  let tag: Int
  let count: Int
  /// Bytes of one value, and of all.
  let (size, length): (Int, Int)
  /// Whether the values lie outside the directory, at `place`.
  let isOutside: Bool
  let place: Int
  /// The first value, where it lies in the directory.
  let first: Int
  private let valueOffset: Int

  private static let sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

  init(_ table: HeaderBytes, at entry: Int, valueAt value: Int, _ offsetSize: Int) {
    tag = Int(table.unsigned(at: entry, count: 2))
    let type = Int(table.unsigned(at: entry + 2, count: 2))
    size = Self.sizes.indices.contains(type) ? Self.sizes[type] : 0
    let told = Int(clamping: table.unsigned(at: entry + 4, count: offsetSize))
    let (length, overflow) = told.multipliedReportingOverflow(by: size)
    // No file holds as many.
    (count, self.length) = overflow ? (0, 0) : (told, length)
    isOutside = self.length > offsetSize
    place = Int(clamping: table.unsigned(at: value, count: offsetSize))
    let isHere = size > 0 && size <= offsetSize && !isOutside
    first = isHere ? Int(clamping: table.unsigned(at: value, count: size)) : 0
    valueOffset = value
  }

  /// All values as whole numbers; none where they do not lie in the file.
  func numbers(of file: InputFile, _ table: HeaderBytes) throws(StackError) -> [Int] {
    guard size > 0, length <= file.byteCount else { return [] }
    guard isOutside else {
      return (0..<count).map {
        Int(clamping: table.unsigned(at: valueOffset + $0 * size, count: size))
      }
    }
    let bytes = HeaderBytes(
      bytes: try FileError.inStack { () throws(FileError) in try file.bytes(length, at: place) },
      order: table.order)
    guard bytes.bytes.count == length else { return [] }
    return (0..<count).map { Int(clamping: bytes.unsigned(at: $0 * size, count: size)) }
  }
}
