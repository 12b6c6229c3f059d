import Foundation
import StackIO

/// A folder of results that appears under its name when all of it is there.
final class ResultFolder {
  let path: String
  /// Where files are written meanwhile.
  let building: String
  private var isWhole = false

  /// - Throws: `StackError.cannotCreate` where something stands there, or nothing may be made.
  init(_ path: String) throws {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.path = trimmed
    building = trimmed + ".unfinished-\(ProcessInfo.processInfo.processIdentifier)"
    guard !FileManager.default.fileExists(atPath: trimmed) else {
      throw StackError.cannotCreate(
        path: trimmed, reason: "it exists; a folder of results is written anew")
    }
    try checkFolder(of: trimmed)
  }

  func create() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: building, withIntermediateDirectories: false)
    } catch {
      throw StackError.cannotCreate(path: path, reason: "the system refused")
    }
  }

  /// Where a file is written, and what it will be called.
  func place(_ name: String) -> (now: String, later: String) {
    (
      (building as NSString).appendingPathComponent(name),
      (path as NSString).appendingPathComponent(name)
    )
  }

  func write(_ record: some Encodable, to name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try write(try encoder.encode(record) + Data("\n".utf8), to: name)
  }

  func write(_ data: Data, to name: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: place(name).now))
    } catch {
      throw WorkflowError.unwritable(path: place(name).later, reason: "the system refused")
    }
  }

  /// Gives the folder its name.
  func finish() throws {
    do {
      try FileManager.default.moveItem(atPath: building, toPath: path)
    } catch {
      throw StackError.cannotCreate(path: path, reason: "the system refused")
    }
    isWhole = true
  }

  deinit {
    if !isWhole { try? FileManager.default.removeItem(atPath: building) }
  }
}
