import Files
import Foundation
import Records

/// What the stages of a pipeline made, kept as `stages.json` in its folder, so that a later run knows what stands.
///
/// A stage stands where this version made it by the same command from the same bytes, and what it made is still there
/// with the bytes that it had. Cost of asking: one SHA-256 of every file.
package struct StageLedger: Sendable {
  /// One stage, as it was run last.
  package struct Entry: Sendable, Codable, Hashable {
    package let voxtilt: String
    /// What one would type after `voxtilt`.
    package let command: [String]
    /// SHA-256 of every file, by its path.
    package let inputs: [String: String]
    package let outputs: [String: String]
    package let seconds: Double
  }

  package let path: String
  package private(set) var entries: [String: Entry]

  /// Reads `stages.json`, where there is one.
  package init(folder: String) {
    path = (folder as NSString).appendingPathComponent("stages.json")
    entries = JSONText.read([String: Entry].self, at: path) ?? [:]
  }

  /// Whether a stage need not be run again.
  package func stands(_ stage: String, _ command: [String], inputs: [String]) -> Bool {
    guard let entry = entries[stage], entry.voxtilt == Build.version, entry.command == command,
      Set(entry.inputs.keys) == Set(inputs), !entry.outputs.isEmpty
    else { return false }
    return entry.inputs.merging(entry.outputs) { $1 }.allSatisfy { path, hash in
      (try? Fingerprint(path: path))?.sha256 == hash
    }
  }

  /// Keeps what a stage made.
  ///
  /// - Throws: `FileError` where a file is not there, or the ledger cannot be written.
  package mutating func keep(
    _ stage: String, _ command: [String], inputs: [String], outputs: [String], seconds: Double
  ) throws {
    func hashes(_ paths: [String]) throws -> [String: String] {
      try Dictionary(
        paths.map { ($0, try Fingerprint(path: $0).sha256) },
        uniquingKeysWith: { first, _ in first })
    }
    entries[stage] = Entry(
      voxtilt: Build.version, command: command, inputs: try hashes(inputs),
      outputs: try hashes(outputs), seconds: seconds)
    try write()
  }

  /// Forgets a stage, before it is run again.
  package mutating func forget(_ stage: String) throws {
    guard entries.removeValue(forKey: stage) != nil else { return }
    try write()
  }

  private func write() throws {
    try OutputFile(path: path, Array(try JSONText(entries).data)).commit()
  }
}
