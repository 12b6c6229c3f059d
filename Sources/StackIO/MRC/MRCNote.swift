/// What an MRC header says that does not fit.
package enum MRCNote: Hashable, Sendable, CustomStringConvertible {
  /// Bytes behind the last page, and those of a page.
  case longer(byteCount: Int, pageByteCount: Int)
  case unsigned(mode: Int, low: Double, high: Double)
  case signed(mode: Int, low: Double, high: Double)
  case imodBytes
  /// A grid of 1 × 1, so that the cell is taken for that of the whole picture.
  case unitGrid
  case grid(columns: Int, rows: Int)
  case cellAngles([Double])
  /// Å
  case cell([Double])
  /// So many different labels of voxtilt tell how stored samples become values, or these are none that it writes.
  case valueScale(count: Int)
  /// nm
  case pixelSizes(extended: Double, cell: Double)
  /// A sample far outside of the header's smallest and largest value.
  case range(low: Double, high: Double, found: Double)
  /// Volumes of so many pages each, one behind the other.
  case volumes(pages: Int)
  case extendedHeader(kind: String, byteCount: Int)

  package var description: String {
    switch self {
    case .longer(let byteCount, let pageByteCount):
      byteCount % pageByteCount == 0
        ? """
        The file is \(byteCount) bytes longer than its header states, as much as \(byteCount / pageByteCount) of its \
        pages. They are not read. Check the number of pages.
        """
        : """
        The file is \(byteCount) bytes longer than its header states; the rest is not read. Pages are \
        sheared or shifted where the header has a wrong size or omits an extended header. Inspect them, and check \
        the header.
        """
    case .unsigned(let mode, let low, let high):
      """
      Samples of mode \(mode) are read as unsigned: the header has values from \(brief(low)) to \(brief(high)).
      """
    case .signed(let mode, let low, let high):
      """
      Samples of mode \(mode) are read as signed: the header has values from \(brief(low)) to \(brief(high)).
      """
    case .imodBytes:
      "IMOD stores these bytes minus 128; values are read as IMOD shows them, from 0 to 255."
    case .unitGrid:
      """
      The header's grid is 1 × 1, not the size of the images. The cell is taken for that of a whole image; \
      check the pixel size.
      """
    case .grid(let columns, let rows):
      """
      The header's grid of \(columns) × \(rows) is not the size of the images. The pixel size is that of the \
      grid; check it.
      """
    case .cellAngles(let angles):
      """
      The header's cell has angles of \(angles.map { "\(brief($0))°" }.joined(separator: ", ")), not 90°. It is \
      taken as upright.
      """
    case .cell(let lengths):
      """
      The header's cell is \(lengths.map { brief($0) }.joined(separator: " × ")) Å. Where that is not a positive length, the pixel \
      size is unknown.
      """
    case .valueScale(let count):
      count > 1
        ? "\(count) labels have different scales of the stored values. None is used: values are read as stored."
        : """
        A label has a scale of 16-bit values, and the samples are of another type: the file was rewritten later. \
        Values are read as stored.
        """
    case .pixelSizes(let extended, let cell):
      """
      The extended header has a pixel of \(brief(extended)) nm, and the cell one of \(brief(cell)) nm. The first \
      is used.
      """
    case .range(let low, let high, let found):
      """
      The header has values from \(brief(low)) to \(brief(high)), and a sample is \(brief(found)): the header's \
      range is wrong, or the byte order, the sign or the size of the samples. Inspect the pages.
      """
    case .volumes(let pages):
      """
      The header describes a stack of volumes of \(pages) pages each (space group 401 and above). They are read as \
      one stack.
      """
    case .extendedHeader(let kind, let byteCount):
      """
      The extended header (\(byteCount) bytes\(kind.isEmpty ? "" : ", \(kind)")) does not fit the pages and is not \
      used.
      """
    }
  }
}
