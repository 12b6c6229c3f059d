import Foundation
import StackIO

/// A file beside a series `NAME.mrc` with one number a page: `NAME.rawtlt` has its angles in degrees.
struct PageNumbers {
  let path: String
  private let text: String

  init(beside stack: String, ending: String, _ numbers: [Double]) {
    let url = URL(fileURLWithPath: stack)
    let name = url.deletingPathExtension().lastPathComponent + ending
    let folder = folder(of: stack)
    path = folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
    text = numbers.map { "\($0)\n" }.joined()
  }

  /// Refuses to write over an input, and over other numbers that no earlier result explains.
  func check(against inputs: [String]) throws {
    for input in inputs where canonical(input) == canonical(path) {
      throw WorkflowError.pageNumbersTaken(path: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let isOurs = FileManager.default.fileExists(atPath: sidecarPath(of: path))
    guard isOurs || data == Data(text.utf8) else {
      throw WorkflowError.pageNumbersTaken(path: path)
    }
  }

  func write() throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(path: path, reason: "the system refused")
    }
  }
}
