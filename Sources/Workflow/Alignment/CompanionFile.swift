import Foundation

/// A text beside a stack that belongs to it, `NAME.ending`.
struct CompanionFile {
  let path: String

  init(beside stack: String, ending: String) {
    path = (sidecarPath(of: stack) as NSString).deletingPathExtension + "." + ending
  }

  /// Refuses to write over an input, and over a file that no earlier result explains.
  func check(against inputs: [String]) throws {
    try checkFolder(of: path)
    for input in inputs where canonical(input) == canonical(path) {
      throw WorkflowError.companionTaken(path: path)
    }
    guard
      !FileManager.default.fileExists(atPath: path)
        || FileManager.default.fileExists(atPath: sidecarPath(of: path.replacingEnding))
    else { throw WorkflowError.companionTaken(path: path) }
  }

  func write(_ data: Data) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(path: path, reason: "the system refused")
    }
  }
}

extension String {
  /// `NAME.align.json` and `NAME.xf` stand beside the sidecar `NAME.json`.
  fileprivate var replacingEnding: String {
    hasSuffix(".align.json") ? String(dropLast(".align.json".count)) + ".xf" : self
  }
}
