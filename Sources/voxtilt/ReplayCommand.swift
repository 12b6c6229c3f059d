import ArgumentParser
import Files
import Foundation
import Records
import Workflow

/// `voxtilt replay`
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Make a result again from its sidecar, and check its bytes.",
    discussion: """
      Inputs must be unchanged. The recorded result is not changed: the new one is written next to it, \
      compared and removed. --out keeps the new one, even if it differs.

      EXAMPLES
        voxtilt replay volume.json
        voxtilt replay volume.json --out again.tif
      """)

  @Argument(help: "The sidecar NAME.json of a stack.") var sidecar: String
  @Option(help: "Keep the new result under this name.") var out: String?
  @Flag(help: "With --out: overwrite existing files that voxtilt did not write.")
  var force = false
  @OptionGroup var messages: MessageOptions

  func run() throws {
    let replay = try Replay(reading: sidecar)
    if !messages.quiet { for warning in replay.warnings { Terminal.say("note: \(warning)") } }
    let here = URL(
      fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path, relativeTo: here).path }
    let (kept, recorded) = (out.map(absolute), absolute(replay.output.path))
    if let kept { try check(kept, recorded) }
    // Left to itself the folder goes away with all that is in it.
    let room = try kept == nil ? OutputFolder(path: recorded + ".replay") : nil
    let file = Self.outputName(replay.command)
    let path =
      kept ?? (room.map { ($0.partialPath as NSString).appendingPathComponent(file) } ?? "")
    guard FileManager.default.changeCurrentDirectoryPath(replay.directory) else {
      throw FileError.missing(path: replay.directory)
    }
    let words = Self.redirected(replay.command, to: path)
    if !messages.quiet { Terminal.say("voxtilt " + words.joined(separator: " ")) }
    guard var made = try Voxtilt.parseAsRoot(replay.command) as? any Replayable else {
      throw WorkflowError.notASidecar(
        path: sidecar, reason: "it records no command that makes a result")
    }
    made.redirect(to: path, overwrites: force)
    TypedCommand.record(words)
    try made.run()
    let result = replay.result(path)
    try replay.check(result, shownAs: kept.map { _ in result } ?? recorded)
    if messages.json {
      try Terminal.printJSON(
        Outcome(
          output: kept.map { _ in result } ?? recorded, sha256: replay.output.sha256,
          warnings: replay.warnings))
    } else if !messages.quiet {
      Terminal.say("\(kept.map { _ in result } ?? recorded): the same bytes")
    }
  }

  private struct Outcome: Encodable {
    let output: String
    let sha256: String
    let isSame = true
    let warnings: [String]
  }

  private func check(_ kept: String, _ recorded: String) throws {
    guard canonical(kept) != canonical(recorded) || FileStamp(path: recorded) == nil else {
      throw ValidationError(
        "'\(kept)' is the recorded result, which a replay does not change. Choose another --out.")
    }
    guard (kept as NSString).pathExtension == (recorded as NSString).pathExtension else {
      throw ValidationError(
        "'\(kept)' has another format than '\(recorded)'. Use the same file extension.")
    }
  }

  /// Of wedge, a mask.
  private static func outputOption(_ command: [String]) -> String {
    command.contains { $0.prefix { $0 != "=" } == "--write-mask" } ? "--write-mask" : "--out"
  }

  /// What the result was called, without its folder.
  private static func outputName(_ command: [String]) -> String {
    let option = outputOption(command)
    let after = zip(command, command.dropFirst()).first { $0.0 == option }?.1
    let joined = command.first { $0.hasPrefix(option + "=") }
    let path = after ?? joined.map { String($0.dropFirst(option.count + 1)) }
    return ((path ?? "result") as NSString).lastPathComponent
  }

  /// The recorded words, with one place to write to and nothing beside it.
  private static func redirected(_ command: [String], to path: String) -> [String] {
    var (words, skips) = ([String](), false)
    for word in command {
      if skips {
        skips = false
        continue
      }
      let name = word.prefix { $0 != "=" }
      switch name {
      case "--out", "--write-mask", "--picture", "--checkpoint-every": skips = !word.contains("=")
      case "--report", "--resume", "--json", "--quiet", "--force", "--dry-run": continue
      default: words.append(word)
      }
    }
    return words + [outputOption(command), path]
  }
}
