import Fusion
import SeriesIO
import Files
import Foundation
package import Records

/// What a sidecar tells about how to make its result again.
package struct Replay: Sendable {
  /// The arguments that made the result.
  package let command: [String]
  /// The folder that its relative paths start from.
  package let directory: String
  /// The result, as it lies beside the sidecar, and its SHA-256.
  package let output: RecordedFile
  /// What differs between then and now and may change bytes, and what does not belong together.
  package let warnings: [String]

  /// The commands that leave sidecars.
  private static let commands = [
    "prepare", "align", "phantom", "simulate", "reconstruct", "wedge", "deblur", "spectrum", "fuse",
  ]

  private struct Told: Decodable {
    let voxtilt: String
    let processor: String
    let directory: String
    let command: [String]
    let inputs: [Sidecar.File]
    let output: Sidecar.File
  }

  /// Reads a sidecar and checks that its inputs are what they were.
  ///
  /// - Throws: ``WorkflowError`` where it is not of a result that can be made again, `SeriesError` where an input has
  ///   changed, `FileError` where a file cannot be read, `RecordsError` where its schema is later.
  package init(reading path: String) throws {
    let data = Data(try InputFile.contents(of: path).bytes)
    try ResultFiles.checkSchema(of: data, at: path)
    guard let recorded = try? JSONDecoder().decode(Told.self, from: data) else {
      throw WorkflowError.notASidecar(path: path, reason: "it lacks entries of a sidecar")
    }
    guard let name = recorded.command.first, Self.commands.contains(name) else {
      throw WorkflowError.notASidecar(
        path: path, reason: "it records no command that makes a stack")
    }
    if let option = Self.repeated(in: recorded.command) {
      throw WorkflowError.notASidecar(path: path, reason: "its command contains \(option) twice")
    }
    let folder = URL(fileURLWithPath: recorded.directory, isDirectory: true)
    for input in recorded.inputs {
      let file = URL(fileURLWithPath: input.path, relativeTo: folder).path
      guard try Fingerprint(path: file).sha256 == input.sha256 else {
        throw SeriesError.inputChanged(path: file)
      }
    }
    (command, directory) = (Self.current(recorded), recorded.directory)
    let result = (recorded.output.path as NSString).lastPathComponent
    output = RecordedFile(
      path: Records.path(result, in: Files.folder(of: path)), sha256: recorded.output.sha256)
    let mismatches = EarlierRecord(at: path)?.mismatches ?? []
    warnings =
      [EarlierRecord.mismatchWords(mismatches, record: path)].compactMap(\.self)
      + (recorded.voxtilt == Build.version
        ? [] : ["Made by voxtilt \(recorded.voxtilt), replayed by \(Build.version)."])
      + (recorded.processor == Build.processor
        ? [] : ["Made on \(recorded.processor), replayed on \(Build.processor)."])
  }

  /// Until 0.1 `deblur` took signals too; they are what it wrote as tables.
  private static func current(_ told: Told) -> [String] {
    let isSignal = told.output.path.lowercased().hasSuffix(".csv")
    guard told.command[0] == "deblur", isSignal, told.command.dropFirst().first != "signal" else {
      return told.command
    }
    return ["deblur", "signal"] + told.command.dropFirst()
  }

  /// Options that may be given more than once.
  private static let lists: Set = ["--map", "--scale"]

  /// An option that a command would take from its last place, so that its first says nothing.
  private static func repeated(in command: [String]) -> String? {
    let options = command.filter { $0.hasPrefix("--") }.map { word in
      String(word.prefix { $0 != "=" })
    }.filter { !lists.contains($0) }
    return Set(options).first { option in options.count { $0 == option } > 1 }
  }

  /// The name of the main result when `out` is what the command is given: `fuse` writes one for each element.
  package func result(_ out: String) -> String {
    let parts = (output.path as NSString).lastPathComponent.split(separator: ".")
    guard command.first == "fuse", parts.count > 2 else { return out }
    return FusionRecipe.path(out, String(parts[parts.count - 2]))
  }

  /// - Parameter name: what the result is called for people.
  /// - Throws: ``WorkflowError/notReproduced(path:)`` unless the file holds the recorded bytes.
  package func check(_ path: String, shownAs name: String) throws {
    guard try Fingerprint(path: path).sha256 == output.sha256 else {
      throw WorkflowError.notReproduced(path: name)
    }
  }
}
