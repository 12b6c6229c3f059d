import Foundation
import StackIO

/// Where the files of a study go, and that they may.
struct ResultFiles {
  private let base: String
  private let isFolder: Bool

  /// Files in a folder, which is made when the first is written.
  init(folder: String, inputs: [String]) throws {
    (base, isFolder) = (folder, true)
    if Workflow.isFolder(folder) {
      try checkFolder(of: (folder as NSString).appendingPathComponent("plan.json"))
    } else {
      try checkFolder(of: folder)
      guard !FileManager.default.fileExists(atPath: folder) else {
        throw StackError.cannotCreate(path: folder, reason: "it is a file, not a folder")
      }
    }
    for name in ["plan.csv", "plan.json", "rmse.svg", "resolution.svg"] {
      try refuse(path(name), among: inputs)
    }
  }

  /// `PREFIX.csv`, `PREFIX.json` and `PREFIX.svg`.
  init(prefix: String, inputs: [String]) throws {
    (base, isFolder) = (prefix, false)
    for ending in [".csv", ".json", ".svg"] {
      try checkFolder(of: path(ending))
      try refuse(path(ending), among: inputs)
    }
    if let stack = Sidecar.stack(of: path(".json")),
      FileManager.default.fileExists(atPath: stack)
    {
      throw WorkflowError.sidecarIsTaken(sidecar: path(".json"), stack: stack)
    }
  }

  func path(_ name: String) -> String {
    isFolder ? (base as NSString).appendingPathComponent(name) : base + name
  }

  func create() throws {
    guard isFolder else { return }
    do {
      try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
    } catch {
      throw StackError.cannotCreate(path: base, reason: "the system refused")
    }
  }

  /// Writes JSON beside its place first.
  func write(_ record: some Encodable, to name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = try encoder.encode(record) + Data("\n".utf8)
    do {
      try data.write(to: URL(fileURLWithPath: path(name)), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(path: path(name), reason: "the system refused")
    }
  }

  private func refuse(_ path: String, among inputs: [String]) throws {
    if inputs.contains(where: { canonical($0) == canonical(path) }) {
      throw WorkflowError.sameFile(path: path)
    }
  }
}
