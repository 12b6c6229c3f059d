import ArgumentParser
import Foundation
import StackIO
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

  @Argument(help: "The sidecar NAME.json of a stack.") var sidecar: String
  @Option(help: "Where to write instead.") var out: String?
  @Flag(help: "Nothing on standard error but failures.") var quiet = false
  @Flag(help: "Print one JSON object on standard output.") var json = false

  func run() throws {
    let replay = try Replay(reading: sidecar)
    let here = URL(
      fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    var command = replay.command
    let path = out.map { URL(fileURLWithPath: $0, relativeTo: here).path }
    if let path {
      guard
        StackFormat(pathExtension: URL(fileURLWithPath: path).pathExtension)
          == StackFormat(pathExtension: URL(fileURLWithPath: replay.output.path).pathExtension)
      else {
        throw ValidationError(
          "'\(path)' is another format than '\(replay.output.path)'. Choose the same ending.")
      }
      try Self.redirect(&command, to: path)
    }
    guard FileManager.default.changeCurrentDirectoryPath(replay.directory) else {
      throw WorkflowError.missing(path: replay.directory)
    }
    TypedCommand.record(command)
    // What is printed is for this command to say.
    command.removeAll { $0 == "--json" || $0 == "--quiet" }
    var made = try Voxtilt.command(for: command + (quiet ? ["--quiet"] : []))
    try made.run()
    let result = path.map(replay.result) ?? replay.output.path
    try replay.check(result)
    if !quiet { for warning in replay.warnings { Terminal.say("note: \(warning)") } }
    if json {
      try Terminal.printJSON(
        Outcome(output: result, sha256: replay.output.sha256, warnings: replay.warnings))
    } else if !quiet {
      Terminal.say("\(result): the same bytes")
    }
  }

  private struct Outcome: Encodable {
    let output: String
    let sha256: String
    let isSame = true
    let warnings: [String]
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
}
