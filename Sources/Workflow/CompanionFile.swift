import Foundation

/// A text beside a stack that belongs to it, `NAME.ending`: angles, weights, placements.
struct CompanionFile {
  let path: String
  private let sidecar: String

  init(beside stack: String, ending: String) {
    sidecar = sidecarPath(of: stack)
    path = (sidecar as NSString).deletingPathExtension + "." + ending
  }

  /// Refuses to write over an input, and over a file that no earlier result explains.
  func check(against inputs: [String]) throws {
    try checkFolder(of: path)
    for input in inputs where canonical(input) == canonical(path) {
      throw WorkflowError.companionTaken(path: path)
    }
    guard
      !FileManager.default.fileExists(atPath: path)
        || FileManager.default.fileExists(atPath: sidecar)
    else { throw WorkflowError.companionTaken(path: path) }
  }

  /// One number a page and line.
  func write(_ numbers: [Double]) throws {
    try write(Data(numbers.map { "\($0)\n" }.joined().utf8))
  }

  func write(_ data: Data) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(path: path, reason: "the system refused")
    }
  }
}
