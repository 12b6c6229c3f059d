import Foundation

/// What a sidecar tells about how to make its result again.
public struct Replay: Sendable {
  /// The arguments that made the result.
  public let command: [String]
  /// The folder that its relative paths start from.
  public let directory: String
  /// The stack that was written, and its SHA-256.
  public let output: Sidecar.File
  /// What differs between then and now and may change bytes.
  public let warnings: [String]

  /// The commands that leave sidecars.
  private static let commands = [
    "prepare", "align", "phantom", "simulate", "reconstruct", "wedge", "deblur", "spectrum", "fuse",
  ]

  private struct Recorded: Decodable {
    let voxtilt: String
    let processor: String
    let directory: String
    let command: [String]
    let inputs: [Sidecar.File]
    let output: Sidecar.File
  }

  /// Reads a sidecar and checks that its inputs are what they were.
  ///
  /// - Throws: ``WorkflowError`` where it cannot be read, or an input is missing or has changed.
  public init(reading path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw WorkflowError.missing(path: path)
    }
    guard !isFolder(path), let data = FileManager.default.contents(atPath: path) else {
      throw WorkflowError.unreadable(path: path, reason: "it is a folder, or may not be read")
    }
    let recorded: Recorded
    do {
      recorded = try JSONDecoder().decode(Recorded.self, from: data)
    } catch {
      throw WorkflowError.notASidecar(path: path, reason: "it lacks what a sidecar holds")
    }
    guard let name = recorded.command.first, Self.commands.contains(name) else {
      throw WorkflowError.notASidecar(
        path: path, reason: "it records no command that makes a stack")
    }
    let folder = URL(fileURLWithPath: recorded.directory, isDirectory: true)
    for input in recorded.inputs {
      let file = URL(fileURLWithPath: input.path, relativeTo: folder).path
      guard FileManager.default.fileExists(atPath: file) else {
        throw WorkflowError.missing(path: file)
      }
      guard try SHA256.hash(fileAt: file) == input.sha256 else {
        throw WorkflowError.inputChanged(path: file)
      }
    }
    (command, directory, output) = (recorded.command, recorded.directory, recorded.output)
    warnings =
      (recorded.voxtilt == Build.version
        ? [] : ["Made by voxtilt \(recorded.voxtilt), replayed by \(Build.version)."])
      + (recorded.processor == Build.processor
        ? [] : ["Made on \(recorded.processor), replayed on \(Build.processor)."])
  }

  /// Where the result stands after a replay with another `--out`: `fuse` writes one for each element.
  public func result(_ out: String) -> String {
    let parts = output.path.split(separator: ".")
    guard command.first == "fuse", parts.count > 2 else { return out }
    return FusionRecipe.path(out, String(parts[parts.count - 2]))
  }

  /// - Throws: ``WorkflowError/notReproduced(path:)`` unless the file holds the recorded bytes.
  public func check(_ path: String) throws {
    guard try SHA256.hash(fileAt: path) == output.sha256 else {
      throw WorkflowError.notReproduced(path: path)
    }
  }
}
