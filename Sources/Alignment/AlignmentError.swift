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
      "\(count) tilts cannot be aligned with each other. Give at least 5."
    case .smallPages(let rows, let columns):
      "Pages of \(columns) × \(rows) pixels are too small to be aligned. Give at least 24 a side."
    case .nothingSeen:
      "The pages show nothing above their margins that could be aligned. Look at them with voxtilt check."
    case .rounds(let count):
      "--rounds \(count) cannot be run. Give 0 to 100."
    case .range(let option, let value, let limit):
      "\(option) \(value) is no range to search. Give a number from 0 to \(limit)."
    case .finest(let value):
      "--finest \(value) is no number of pixels to refine with. Give 48 to 1024."
    case .pageCount(let file, let pages, let stack):
      """
      '\(file)' places \(pages) pages, and the stack has \(stack). Give the alignment of a series with \
      the same pages.
      """
    case .pageSize(let rows, let columns, let expectedRows, let expectedColumns):
      """
      Pages have \(columns) × \(rows) pixels, and the alignment at this scale is for \
      \(expectedColumns) × \(expectedRows). Give --scale, their pixels for one pixel of the aligned series.
      """
    case .scale(let value):
      "--scale \(value) is no scale. Give pixels for one pixel of the aligned series, 0.001 to 1000."
    case .file(let error):
      error.description
    case .unreadable(let path):
      "'\(path)' cannot be read as text. Check the path and its permissions."
    case .notAnAlignment(let path):
      "'\(path)' is no alignment. Give NAME.align.json of voxtilt align, or an IMOD .xf file."
    case .transformLine(let path, let line):
      "'\(path)', line \(line) is not six numbers. An .xf file has A11 A12 A21 A22 DX DY for every page."
    case .notASimilarity(let path, let line):
      """
      '\(path)', line \(line) stretches or shears its page, or moves it by more than a million pixels or \
      a factor of 100. Only shifts, turns and magnifications within that are applied: solve for those alone.
      """
    }
  }
}
