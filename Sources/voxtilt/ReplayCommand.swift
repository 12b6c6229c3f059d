import ArgumentParser
import Foundation
import Synchronization
import Workflow

/// `voxtilt replay`
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Make a result again from its sidecar, and check its bytes.",
    discussion: """
      Inputs must be what they were. The result goes where the sidecar says unless --out is given.

      EXAMPLES
        voxtilt replay volume.json
        voxtilt replay volume.json --out again.tif
      """)

  /// The command that is being replayed, for its sidecar.
  private static let replaying = Mutex<[String]?>(nil)
  static var replayed: [String]? { replaying.withLock { $0 } }

  @Argument(help: "The sidecar NAME.json of a stack.") var sidecar: String
  @Option(help: "Where to write instead.") var out: String?
  @Flag(help: "Nothing on standard error but failures.") var quiet = false

  func run() throws {
    let replay = try Replay(reading: sidecar)
    let here = URL(
      fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    var command = replay.command
    if let out {
      try Self.redirect(&command, to: URL(fileURLWithPath: out, relativeTo: here).path)
    }
    if quiet && !command.contains("--quiet") { command.append("--quiet") }
    guard FileManager.default.changeCurrentDirectoryPath(replay.directory) else {
      throw WorkflowError.missing(path: replay.directory)
    }
    Self.replaying.withLock { $0 = command }
    var made = try Voxtilt.parseAsRoot(command)
    try made.run()
    if !quiet { for warning in replay.warnings { Terminal.say("note: \(warning)") } }
    let path = Self.output(of: command) ?? replay.output.path
    guard try replay.isReproduced(at: path) else {
      Terminal.say("voxtilt: '\(path)' differs from the recorded result in its bytes.")
      throw ExitCode(Failure.badData)
    }
    if !quiet { Terminal.say("\(path): the same bytes") }
  }

  private static func redirect(_ command: inout [String], to path: String) throws {
    if let index = command.firstIndex(of: "--out"), index + 1 < command.count {
      command[index + 1] = path
    } else if let index = command.firstIndex(where: { $0.hasPrefix("--out=") }) {
      command[index] = "--out=" + path
    } else {
      throw ValidationError("The recorded command has no --out. Run it by hand.")
    }
  }

  private static func output(of command: [String]) -> String? {
    if let index = command.firstIndex(of: "--out"), index + 1 < command.count {
      return command[index + 1]
    }
    return command.first { $0.hasPrefix("--out=") }.map { String($0.dropFirst(6)) }
  }
}
