public import Errors
public import Files

/// Why a series cannot be aligned, or an alignment cannot be used.
public enum AlignmentError: CategorisedError, Equatable {
  case fewTilts(Int)
  case smallPages(rows: Int, columns: Int)
  case nothingSeen
  case rounds(Int)
  case range(option: String, value: Double, limit: Double)
  case finest(Int)
  case pageCount(file: String, pages: Int, stack: Int)
  case pageSize(rows: Int, columns: Int, expectedRows: Int, expectedColumns: Int)
  case scale(Double)
  case file(FileError)
  case unreadable(path: String)
  case notAnAlignment(path: String)
  case transformLine(path: String, line: Int)
  case notASimilarity(path: String, line: Int)

  public var category: ErrorCategory {
    switch self {
    case .file(let error): error.category
    case .unreadable: .noInput
    case .rounds, .range, .finest, .scale: .usage
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .fewTilts(let count):
      "Alignment needs at least 5 tilts (got \(count))."
    case .smallPages(let rows, let columns):
      "Pages must have at least 24 pixels per side (got \(columns) × \(rows))."
    case .nothingSeen:
      "The pages show no object above their margins. Inspect them with voxtilt check."
    case .rounds(let count):
      "--rounds must be between 0 and 100 (got \(count))."
    case .range(let option, let value, let limit):
      "\(option) must be between 0 and \(limit) (got \(value))."
    case .finest(let value):
      "--finest must be between 48 and 1024 pixels (got \(value))."
    case .pageCount(let file, let pages, let stack):
      """
      '\(file)' has placements for \(pages) pages, and the stack has \(stack). Give the alignment of a series with \
      the same pages.
      """
    case .pageSize(let rows, let columns, let expectedRows, let expectedColumns):
      """
      Pages have \(columns) × \(rows) pixels, and the alignment at this scale is for \
      \(expectedColumns) × \(expectedRows). Give --scale, their pixels per pixel of the aligned series.
      """
    case .scale(let value):
      "--scale must be between 0.001 and 1000 pixels per pixel of the aligned series (got \(value))."
    case .file(let error):
      error.description
    case .unreadable(let path):
      "'\(path)' cannot be read as text. Check the path and its permissions."
    case .notAnAlignment(let path):
      "'\(path)' is not an alignment. Give NAME.align.json of voxtilt align, or an IMOD .xf file."
    case .transformLine(let path, let line):
      "'\(path)', line \(line) is not six numbers. An .xf file has A11 A12 A21 A22 DX DY for every page."
    case .notASimilarity(let path, let line):
      """
      '\(path)', line \(line) stretches or shears its page, or moves it by more than a million pixels or \
      a factor of 100. Only shifts, rotations and magnifications within these limits are applied: fit only those.
      """
    }
  }
}
