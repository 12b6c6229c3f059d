package import Errors
package import Files

/// Why a matrix could not be read or used.
package enum DenseError: CategorisedError, Equatable {
  case file(FileError)
  case unreadable(path: String)
  case foreign(path: String, ForeignFile)
  case empty(path: String)
  case rowLength(path: String, line: Int, count: Int, expected: Int)
  case notANumber(path: String, line: Int, text: String)
  case tooLarge(path: String, line: Int, value: Double)
  case notFinite(row: Int, column: Int)
  case noConvergence(code: Int)
  case notPositiveDefinite(row: Int)

  package var category: ErrorCategory {
    switch self {
    case .file(let error): error.category
    case .unreadable: .noInput
    default: .badData
    }
  }

  package var description: String {
    switch self {
    case .file(let error):
      error.description
    case .unreadable(let path):
      "'\(path)' cannot be read as text. Check the path, or export it as UTF-8."
    case .foreign(let path, let kind):
      "'\(path)' is \(kind.words)"
    case .empty(let path):
      "'\(path)' contains no numbers. Write one row per line, with commas between numbers."
    case .rowLength(let path, let line, let count, let expected):
      """
      '\(path)', line \(line) has \(count) cells, and the lines before it have \(expected). \
      Write the same number of cells in every line.
      """
    case .notANumber(let path, let line, ""):
      "'\(path)', line \(line) has an empty cell. Write a number in each cell, with commas between them."
    case .notANumber(let path, let line, let text):
      "'\(path)', line \(line): '\(text)' is not a finite number. Write numbers with a decimal point."
    case .tooLarge(let path, let line, let value):
      """
      '\(path)', line \(line): \(value) is too large to compute with. Rescale the values to below \
      \(NumberTable.largest) in size.
      """
    case .notFinite(let row, let column):
      "The matrix is not finite at row \(row), column \(column) (from 0). Correct that entry."
    case .noConvergence(let code):
      "The singular values could not be found (dgesdd: \(code)). Rescale the matrix."
    case .notPositiveDefinite(let row):
      """
      The matrix is not positive definite (row \(row), from 0), so the equations have no unique \
      solution. Use a stronger penalty.
      """
    }
  }
}
