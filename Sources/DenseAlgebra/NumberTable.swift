import Files
import Foundation

/// The numbers of a CSV file, with the names of its columns where it has them.
///
/// The first line is a header where one of its cells is not a number. `#` begins a comment, empty
/// lines are passed over, and cells are separated by commas, semicolons, tabs or blanks.
package struct NumberTable: Sendable, Hashable {
  package let names: [String]?
  package let matrix: Matrix
  /// Sums of squares of larger numbers could pass what a double holds.
  static let largest = 1e100

  /// - Throws: ``DenseError`` where the file cannot be read, a cell is not a finite number or too
  ///   large, or rows differ in length.
  package init(reading path: String) throws(DenseError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try InputFile.contents(of: path, limit: 1 << 30).bytes
    } catch {
      throw .file(error)
    }
    if let kind = ForeignFile(bytes) { throw .foreign(path: path, kind) }
    guard let text = String(bytes: bytes, encoding: .utf8) else { throw .unreadable(path: path) }
    var (names, width): ([String]?, Int?) = (nil, nil)
    var (values, rowCount): ([Double], Int) = ([], 0)
    for (index, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let cells = Self.cells(of: line.prefix { $0 != "#" })
      guard !cells.isEmpty else { continue }
      let numbers = cells.map { Double($0) }
      if width == nil && numbers.contains(nil) {
        (names, width) = (cells, cells.count)
        continue
      }
      guard cells.count == width ?? cells.count else {
        throw .rowLength(path: path, line: index + 1, count: cells.count, expected: width ?? 0)
      }
      width = cells.count
      for (cell, number) in zip(cells, numbers) {
        guard let number, number.isFinite else {
          throw .notANumber(path: path, line: index + 1, text: String(cell.prefix(40)))
        }
        guard abs(number) <= Self.largest else {
          throw .tooLarge(path: path, line: index + 1, value: number)
        }
        values.append(number)
      }
      rowCount += 1
    }
    guard let width, rowCount > 0 else { throw .empty(path: path) }
    self.names = names
    matrix = Matrix(rowCount: rowCount, columnCount: width, values: values)
  }

  /// The numbers without a first column that only counts the rows.
  ///
  /// - Returns: the matrix as it is where its header does not call the first column `row`, `i` or
  ///   `index`.
  package var withoutRowNumbers: Matrix {
    guard let first = names?.first, ["row", "i", "index"].contains(first), matrix.columnCount > 1
    else { return matrix }
    return Matrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount - 1) {
      matrix[$0, $1 + 1]
    }
  }

  /// The column of that name.
  package func column(named name: String) -> [Double]? {
    names?.firstIndex(of: name).map { matrix.column($0) }
  }

  private static func cells(of line: Substring) -> [String] {
    let separator: Character? = [",", ";", "\t"].first { line.contains($0) }
    let parts =
      separator.map { line.split(separator: $0, omittingEmptySubsequences: false) }
      ?? line.split(whereSeparator: \.isWhitespace)
    let cells = parts.map { $0.trimmingCharacters(in: .whitespaces.union(["\""])) }
    return cells.allSatisfy(\.isEmpty) ? [] : cells
  }
}
