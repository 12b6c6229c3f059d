import Foundation

/// The numbers of a text file, one a line; `#` begins a comment and empty lines are passed over.
///
/// - Throws: ``WorkflowError`` where the file cannot be read, or a line is not a finite number.
public func readNumbers(_ path: String) throws(WorkflowError) -> [Double] {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw .missing(path: path)
  }
  var numbers: [Double] = []
  let lines = String(decoding: data, as: UTF8.self)
    .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  for (index, line) in lines.enumerated() {
    let word = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    guard !word.isEmpty else { continue }
    guard let number = Double(word), number.isFinite else {
      throw .notANumber(path: path, line: index + 1, text: String(word.prefix(40)))
    }
    numbers.append(number)
  }
  return numbers
}
