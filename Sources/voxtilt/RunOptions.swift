import SeriesIO
import ArgumentParser
import Fields
import Foundation
import Reconstruction
import Records
import StackIO
import Workflow

/// What a command prints.
struct MessageOptions: ParsableArguments {
  @Flag(help: "Print only errors on standard error.")
  var quiet = false

  @Flag(help: "Print one JSON object on standard output.")
  var json = false

  var follower: Follower { .told(isQuiet: quiet) }

  /// Prints what was written: the record, or a line and its warnings.
  func report(_ record: some ResultRecord, _ line: String) throws {
    if !quiet {
      for warning in record.warnings { Terminal.say("note: \(warning)") }
    }
    if json {
      try Terminal.printJSON(record)
    } else if !quiet {
      Terminal.say(line)
    }
  }
}

/// What every command that computes takes.
struct RunOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Number of threads; all processors by default.")
  var threads: Int?

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads must be between 1 and 1024 (got \(threads)).")
    }
  }

  var workers: Workers { threads.map { Workers($0) } ?? .all }
  var quiet: Bool { messages.quiet }
  var json: Bool { messages.json }
  var follower: Follower { messages.follower }

  func report(_ record: some ResultRecord, _ line: String) throws {
    try messages.report(record, line)
  }
}

extension Follower {
  /// Shows progress and notes unless they are not wanted.
  static func told(isQuiet: Bool) -> Follower {
    var follower = Follower(isCancelled: { Interruption.wasAsked })
    guard !isQuiet else { return follower }
    follower.onProgress = ProgressBar().show
    follower.onNote = { Terminal.say("note: \($0)") }
    return follower
  }
}

/// Whether results may replace files of others.
struct OverwriteOptions: ParsableArguments {
  @Flag(help: "Overwrite existing files that voxtilt did not write.")
  var force = false
}

/// How a result is written.
struct OutputOptions: ParsableArguments {
  @Option(help: "Name of the resulting stack; .tif or .mrc. Its sidecar is written next to it.")
  var out: String

  @Option(help: "float32, or scaled16: 16-bit integers with the scale recorded in the file.")
  var encoding = StackEncoding.float32

  @OptionGroup var overwriting: OverwriteOptions

  func target(axis: TiltAxis = .y) -> StackTarget {
    var target = StackTarget(path: out)
    (target.axis, target.encoding) = (axis, encoding)
    target.overwrites = overwriting.force
    return target
  }
}

/// A number of bytes: 800M, 4G, 1.5GB, 2GiB.
struct ByteCount: ExpressibleByArgument {
  let value: Int

  init(value: Int) { self.value = value }

  init?(argument: String) {
    let units: [(String, Double)] = [
      ("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3),
      ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1),
    ]
    for (unit, size) in units where argument.lowercased().hasSuffix(unit.lowercased()) {
      guard let number = Double(argument.dropLast(unit.count)), number > 0, number * size < 1e18
      else { return nil }
      value = Int(number * size)
      return
    }
    return nil
  }

  static var standard: ByteCount { ByteCount(value: MemoryPlan.standardLimit) }

  var defaultValueDescription: String {
    "three quarters of the memory of this machine or container"
  }
}
