package import Files

/// An image stack open for reading, one page at a time.
///
/// TIFF: 8, 16 and 32-bit integers, 16, 32 and 64-bit floats, one sample per pixel, strips or tiles,
/// uncompressed, LZW, Deflate or PackBits, either byte order, BigTIFF, and stacks of ImageJ and tifffile with one
/// directory for all pages. MRC: modes 0, 1, 2, 6 and 12. The content decides, not the name's ending.
/// Every page is delivered as displayed, the top row first, through ``StackInfo/valueScale``.
package struct StackReader: ~Copyable, @unchecked Sendable {  // the only owner of its source
  /// What the headers say.
  package let info: StackInfo
  private let source: any PageSource
  private let file: InputFile

  /// The largest size of a value that is delivered: squares of more could not be summed in single
  /// precision.
  package static let largestValue: Float = 1e15

  /// Which file it is, to see that another reader opens the same.
  package var stamp: FileStamp { file.stamp }

  /// Opens a stack and checks every size it claims against the length of the file.
  package init(path: String) throws(StackError) {
    let (file, start) = try FileError.inStack { () throws(FileError) in
      let file = try InputFile(path: path)
      return (file, try file.bytes(MRCHeader.byteCount, at: 0))
    }
    guard file.byteCount > 0 else { throw .empty(path: path) }
    let source: any PageSource
    if TIFFPages.begins(start) {
      source = try TIFFPages.open(file, start: start)
    } else if let header = try MRCHeader(start, of: file) {
      source = try header.pages(of: file)
    } else {
      throw .notAStack(path: path, kind: kindOfFile(start))
    }
    var info = source.info
    info.addNotesBeside()
    if let column = info.pixelSize, let row = info.rowSpacing, abs(column - row) > 0.01 * column {
      info.notes.append(.notSquare(column: column, row: row))
    }
    (self.info, self.source, self.file) = (info, source, file)
  }

  /// Fills `pixels`, `[row][column]` from the top, with page `page`, counted from 0.
  ///
  /// - Throws: ``StackError/tooLarge(path:page:value:)``, or what reading the page throws. Values that
  ///   are not finite are delivered.
  package mutating func readPage(
    _ page: Int, into pixels: inout MutableSpan<Float>
  ) throws(StackError) {
    precondition((0..<info.shape.pageCount).contains(page), "no such page")
    precondition(pixels.count == info.shape.pixelsPerPage, "pixels do not fit the page")
    try source.readPage(page, into: &pixels)
    if let value = pixels.span.largestFinite(beyond: Self.largestValue) {
      throw .tooLarge(path: info.path, page: page + 1, value: value)
    }
  }

  /// Hashes the part of the file up to about page `page`, behind the pages that are read in order, so that the
  /// disk is read once.
  package func hash(throughPage page: Int) throws(StackError) {
    let (file, count) = (file, info.shape.pageCount)
    try FileError.inStack { () throws(FileError) in
      try file.hash(through: Int(Double(file.byteCount) * Double(page + 1) / Double(count)))
    }
  }

  /// The SHA-256 of the file, to be asked for after the last page that is read.
  ///
  /// - Throws: `FileError.changed` where it was written to since it was opened.
  package func fingerprint() throws(StackError) -> Fingerprint {
    let file = file
    return try FileError.inStack { () throws(FileError) in try file.fingerprint() }
  }
}

/// What a file that is no stack looks like, from its first bytes.
private func kindOfFile(_ start: [UInt8]) -> String? {
  let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    ([0x89, 0x48, 0x44, 0x46], "HDF5"), ([0x1F, 0x8B], "a gzip archive"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive"), ([0x25, 0x50, 0x44, 0x46], "PDF"),
    ([0x42, 0x5A, 0x68], "a bzip2 archive"), ([0x93, 0x4E, 0x55, 0x4D], "a NumPy array"),
    ([0, 0, 0, 3], "Digital Micrograph 3"), ([0, 0, 0, 4], "Digital Micrograph 4"),
    ([0x49, 0x49, 0x97, 0x01], "a TIA series"),
  ]
  for signature in signatures where start.starts(with: signature.bytes) { return signature.name }
  let isText = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
  guard isText else { return nil }
  return start.first { !($0 == 0x20 || (9...13).contains($0)) } == 0x7B ? "JSON" : "text"
}
