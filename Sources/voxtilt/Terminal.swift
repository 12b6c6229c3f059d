import Foundation
import Synchronization
import Workflow

/// What people see: notes and progress on standard error, results on standard output.
enum Terminal {
  static var version: String { "voxtilt \(Build.version) (\(Build.processor))" }

  static let isInteractive = isatty(2) == 1

  static func say(_ note: String) {
    let start = isInteractive ? "\r\u{1B}[K" : ""  // over a bar that stands there
    FileHandle.standardError.write(Data((start + note + "\n").utf8))
  }

  /// Prints one JSON object on standard output.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Prints a table and sentences on standard output.
  static func print(_ account: QualityAccount) {
    let lines = [account.header] + account.rows
    let widths = account.header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    for line in lines {
      let cells = line.enumerated().map { column, cell in
        cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      Swift.print(cells.joined(separator: "   ").trimmingCharacters(in: .whitespaces))
    }
    for paragraph in account.paragraphs { Swift.print("\n" + paragraph) }
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

  private let state = Mutex(State())

  func show(_ progress: Follower.Progress) {
    state.withLock { state in
      let now = ContinuousClock.now
      if state.stage != progress.stage { (state.stage, state.began) = (progress.stage, now) }
      let isTerminal = Terminal.isInteractive
      let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(3)
      guard now - state.shown >= pause || (isTerminal && progress.fraction >= 1) else { return }
      state.shown = now
      let words = Self.words(progress, spent: (now - state.began) / .seconds(1))
      guard isTerminal else { return Terminal.say(words) }
      let filled = Int(progress.fraction * 24)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
      let end = progress.fraction >= 1 ? "\r\u{1B}[K" : ""
      FileHandle.standardError.write(Data("\r\u{1B}[K[\(bar)] \(words)\(end)".utf8))
    }
  }

  /// `reconstructing 42 %, iteration 21 of 50, 3.1 iterations/s, 9 s left`
  private static func words(_ progress: Follower.Progress, spent: Double) -> String {
    let percent = "\(progress.stage.rawValue) \(Int(progress.fraction * 100)) %"
    var parts = [percent, progress.note].filter { !$0.isEmpty }
    if spent > 0.05, progress.fraction > 0 {
      let rate = progress.fraction * Double(progress.count) / spent
      parts.append(String(format: rate < 10 ? "%.1f" : "%.0f", rate) + " \(progress.unit)/s")
      parts.append("\(Int((spent / progress.fraction - spent).rounded(.up))) s left")
    }
    return parts.joined(separator: ", ")
  }
}
