import Files
import Foundation

/// The numbers of a text file, one a line; `#` begins a comment and empty lines are passed over.
///
/// - Throws: `FileError` where the file cannot be read, ``SeriesError`` where a line is not a finite number.
package func readNumbers(_ path: String) throws -> [Double] {
  let (bytes, _) = try InputFile.contents(of: path)
  var numbers: [Double] = []
  let lines = String(decoding: bytes, as: UTF8.self)
    .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  for (index, line) in lines.enumerated() {
    let word = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    guard !word.isEmpty else { continue }
    guard let number = Double(word), number.isFinite else {
      throw SeriesError.notANumber(path: path, line: index + 1, text: String(word.prefix(40)))
    }
    numbers.append(number)
  }
  return numbers
}
