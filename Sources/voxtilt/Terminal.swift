import Foundation
import Synchronization
import Workflow

/// What people see: notes and progress on standard error, results on standard output.
enum Terminal {
  static var version: String { "voxtilt \(Build.version) (\(Build.processor))" }

  static func say(_ note: String) {
    FileHandle.standardError.write(Data((note + "\n").utf8))
  }

  /// Prints one JSON object on standard output.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Four significant digits.
  static func short(_ value: Double?) -> String {
    guard let value else { return "undefined" }
    return String(format: "%.4g", value)
  }
}

/// A bar on a terminal, a line every few seconds elsewhere, nothing where quiet is asked for.
final class ProgressBar: Sendable {
  private struct State {
    var stage: Follower.Stage?
    var began = ContinuousClock.now
    var shown = ContinuousClock.now
  }

  private let isTerminal = isatty(2) == 1
  private let state = Mutex(State())

  func show(_ stage: Follower.Stage, _ fraction: Double, _ note: String) {
    state.withLock { state in
      let now = ContinuousClock.now
      if state.stage != stage { (state.stage, state.began) = (stage, now) }
      let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(3)
      guard now - state.shown >= pause || (isTerminal && fraction >= 1) else { return }
      state.shown = now
      let spent = (now - state.began) / .seconds(1)
      let left = fraction > 0.01 ? spent / fraction - spent : nil
      write(stage, fraction, note, left)
    }
  }

  private func write(_ stage: Follower.Stage, _ fraction: Double, _ note: String, _ left: Double?) {
    let percent = "\(Int(fraction * 100)) %"
    let rest = left.map { ", \(Int($0.rounded(.up))) s left" } ?? ""
    let words = "\(stage.rawValue) \(percent)\(note.isEmpty ? "" : ", \(note)")\(rest)"
    guard isTerminal else { return Terminal.say(words) }
    let filled = Int(fraction * 24)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
    let end = fraction >= 1 ? "\r\u{1B}[K" : ""
    FileHandle.standardError.write(Data("\r\u{1B}[K[\(bar)] \(words)\(end)".utf8))
  }
}

/// Ctrl-C and termination: recipes ask, and end cleanly.
enum Interruption {
  private static let asked = Atomic<Bool>(false)
  private static let queue = DispatchQueue(label: "voxtilt.signals")
  /// Sources live as long as the process.
  nonisolated(unsafe) private static let sources = [SIGINT, SIGTERM].map { number in
    _ = signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler { @Sendable in asked.store(true, ordering: .relaxed) }
    source.resume()
    return source
  }

  static var wasAsked: Bool { asked.load(ordering: .relaxed) }

  static func watch() { _ = unsafe sources }
}
