import Files
import Foundation

/// What stands in a record that an earlier run left: which files beside it are its results.
package struct EarlierRecord: Sendable {
  /// The main result, as it lies beside the record; `nil` where there is none.
  package let output: RecordedFile?
  /// Everything that belongs to it, the main result first.
  package let files: [RecordedFile]
  /// What the stages up to this one warned of.
  package let stageWarnings: [StageWarning]

  private struct Stored: Decodable {
    let voxtilt: String
    let command: [String]
    let output: RecordedFile?
    let written: [RecordedFile]?
    let stageWarnings: [StageWarning]?
  }

  /// `nil` where there is no file, or one that is no record of voxtilt.
  package init?(at path: String) {
    guard let stored = JSONText.read(Stored.self, at: path) else { return nil }
    let here = folder(of: path)
    func beside(_ file: RecordedFile) -> RecordedFile {
      let name = (file.path as NSString).lastPathComponent
      return RecordedFile(
        path: Records.path(name, in: here), sha256: file.sha256, shape: file.shape,
        voxelSize: file.voxelSize)
    }
    let main = stored.output.map(beside)
    let others = (stored.written ?? []).map(beside)
    output = main
    files = [main].compactMap(\.self) + others.filter { $0.path != main?.path }
    stageWarnings = stored.stageWarnings ?? []
  }

  func names(_ path: String) -> Bool {
    files.contains { canonical($0.path) == canonical(path) }
  }

  /// The files that are there and do not hold the bytes that the record tells of: the run was ended while it
  /// gave names, or they were changed later. Cost: one pass over each.
  package var mismatches: [String] {
    files.filter { file in
      guard let found = try? Fingerprint(path: file.path) else { return false }
      return found.sha256 != file.sha256
    }.map(\.path)
  }

  /// The same for people, where there is any; `path` is the record's.
  package static func mismatchWords(_ files: [String], record path: String) -> String? {
    guard !files.isEmpty else { return nil }
    let names = files.map { "'\($0)'" }.joined(separator: ", ")
    return """
      \(names) and '\(path)' do not belong together: the SHA-256 differs. A run was interrupted while writing them, or \
      one was changed later. Do not rely on the record; run the command again.
      """
  }
}
