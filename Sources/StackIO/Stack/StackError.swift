public import Errors
public import Fields
public import Files

/// Why a stack or its angles could not be read or written. Pages are counted from 1.
public enum StackError: CategorisedError, Equatable {
  /// The file itself could not be read or written.
  case file(FileError)

  // Reading.
  /// A file of 0 bytes.
  case empty(path: String)
  /// Neither TIFF nor MRC; `kind` is what it looks like, where that is known.
  case notAStack(path: String, kind: String?)
  case damaged(path: String, page: Int, reason: String)
  /// The file ends before the pixels of a page do.
  case truncated(path: String, page: Int, needs: Int, byteCount: Int)
  /// An extended header that does not fit the file.
  case extendedHeader(path: String, claims: Int, byteCount: Int)
  /// A page claims more bytes of pixels than the file can contain.
  case impossibleSize(path: String, page: Int, claims: Int, holds: Int)
  /// A kind of sample, compression or layout that is not read.
  case unsupported(path: String, page: Int, feature: String)
  /// A page has another size or kind of sample than page 1.
  case pageDiffers(path: String, page: Int, found: String, first: String)
  /// Planes of the stack lie in another file.
  case planesElsewhere(path: String, file: String)
  /// A finite value beyond ±10¹⁵, which is too large to compute with in single precision.
  case tooLarge(path: String, page: Int, value: Float)
  /// NaN or infinite values where they are refused.
  case nonFinite(path: String, count: Int, first: PixelPosition)

  /// A checkpoint that is damaged or incomplete.
  case notAnArchive(path: String)
  /// Memory for a page or a part of a file was refused.
  case memory(path: String, MemoryError)

  // Writing.
  /// The name of a result does not end like one of TIFF or MRC.
  case unknownFormat(path: String)
  /// More pages or pixels than the format can hold.
  case unwritableShape(path: String, StackShape)
  /// Fewer pixels were written than the stack has.
  case incomplete(path: String, written: Int, of: Int)
  /// A result would have NaN or infinite values.
  case nonFiniteOutput(path: String, count: Int)

  // Tilt angles.
  /// The tilt angles are missing or wrong.
  case tilts(TiltFault)

  /// What kind of failure this is, for exit codes.
  public var category: ErrorCategory {
    switch self {
    case .file(let error): error.category
    case .memory: .internalFault
    case .unknownFormat, .unwritableShape: .cannotCreate
    case .incomplete: .inputOutput
    case .tilts(.badRange), .tilts(.rangeMissesStop), .tilts(.rangeTooLong): .usage
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .file(let error):
      error.description
    case .empty(let path):
      "'\(path)' is empty (0 bytes). Copy it again from its source."
    case .notAStack(let path, let kind):
      """
      '\(path)' is neither TIFF nor MRC\(kind.map { "; it looks like \($0)" } ?? ""). \
      Export the stack as TIFF or MRC.
      """
    case .damaged(let path, let page, let reason):
      "'\(path)' is damaged at page \(page): \(reason). Copy or export it again."
    case .truncated(let path, let page, let needs, let byteCount):
      """
      '\(path)' ends too early: page \(page) needs \(needs) bytes of file and there are \
      \(byteCount). Copy it again from its source.
      """
    case .extendedHeader(let path, let claims, let byteCount):
      """
      '\(path)' announces an extended header of \(claims) bytes (nsymbt), and its \(byteCount) bytes cannot contain that \
      and the pages. Correct its length in the header (bytes 92 to 95), or copy the file again from its source.
      """
    case .impossibleSize(let path, let page, let claims, let holds):
      """
      '\(path)' is damaged: page \(page) claims \(claims) bytes of pixels where the file can contain \
      \(holds) at most. Copy or export it again.
      """
    case .unsupported(let path, let page, let feature):
      """
      '\(path)', page \(page), has \(feature), which is not read. \
      Export it as greyscale, 8 to 32-bit integer or float, uncompressed.
      """
    case .pageDiffers(let path, let page, let found, let first):
      """
      '\(path)': page \(page) is \(found) and page 1 is \(first). \
      All pages of a stack must be alike; remove or crop the one that differs.
      """
    case .planesElsewhere(let path, let file):
      """
      '\(path)': its OME-XML states that planes are in other files ('\(file)'), which are not read. \
      Export all planes as one file.
      """
    case .tooLarge(let path, let page, let value):
      """
      '\(path)' contains values that are too large to compute with: \(value) on page \(page), and \
      \(StackReader.largestValue) is the limit. Rescale the stack, for instance by its largest value.
      """
    case .nonFinite(let path, let count, let first):
      """
      '\(path)' contains \(count) values that are not finite, the first at page \(first.page), \
      row \(first.row), column \(first.column). Fix the stack, or choose a value to replace them.
      """
    case .notAnArchive(let path):
      "'\(path)' is not a complete checkpoint. Remove it and start again."
    case .memory(let path, let error):
      "'\(path)' cannot be held in memory. \(error)"
    case .unknownFormat(let path):
      "'\(path)' has no known format. End the name in .tif or .mrc."
    case .unwritableShape(let path, let shape):
      """
      '\(path)' cannot hold \(shape.pageCount) pages of \(shape.rowCount) × \
      \(shape.columnCount) pixels. Write a smaller stack.
      """
    case .incomplete(let path, let written, let count):
      "'\(path)' got \(written) of its \(count) pixels and was not kept. Write every pixel once."
    case .nonFiniteOutput(let path, let count):
      """
      '\(path)' would contain \(count) values that are not finite and was not written: numbers of this \
      run exceeded the range of single precision. Rescale the input to values near 1, and check the \
      settings.
      """
    case .tilts(let fault):
      fault.description
    }
  }
}

/// A pixel of a stack, counted from 1 and from the top left.
public struct PixelPosition: Hashable, Sendable, Codable {
  package let page: Int
  package let row: Int
  package let column: Int

  package init(page: Int, row: Int, column: Int) {
    (self.page, self.row, self.column) = (page, row, column)
  }
}
