import Errors
import Files
import Foundation
import Glibc
import Plots
import Quality
import Reconstruction
import Records
import Synchronization
import Workflow

/// What people see: notes and progress on standard error, results on standard output.
enum Terminal {
  static var version: String { "voxtilt \(Build.version) (\(Build.processor))" }

  static let isInteractive = isatty(2) == 1

  /// A note for people. What cannot be written (a closed or full standard error) is left out: it must not
  /// end a run.
  static func say(_ note: String) {
    let start = isInteractive ? "\r\u{1B}[K" : ""  // over a bar that stands there
    write(start + harmless(note) + "\n")
  }

  /// Writes to standard error, whatever it holds.
  static func write(_ text: String) { _ = Self.write(text, to: 2) }

  /// - Returns: 0, or the system's number of what went wrong.
  fileprivate static func write(_ text: String, to stream: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(stream, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return errno }
      bytes = bytes.dropFirst(count)
    }
    return 0
  }

  /// Text from files may hold control characters, which a terminal would obey.
  private static func harmless(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.properties.generalCategory == .control && $0 != "\n" ? "\u{FFFD}" : $0
        }))
  }

  /// Files that are opened must not get the numbers of closed standard streams, where notes would go into them.
  static func occupyStreams() {
    for (number, flags) in [(Int32(0), O_RDONLY), (1, O_RDONLY), (2, O_WRONLY)]
    where fcntl(number, F_GETFD) < 0 {
      // The lowest number that is free: this one. Standard output that was closed stays unwritable.
      _ = unsafe open("/dev/null", flags)
    }
  }

  /// The first failure to print, of the whole process.
  fileprivate static let failure = Mutex<Int32>(0)

  /// - Throws: ``OutputFailure`` where something could not be printed.
  static func checkOutput() throws(OutputFailure) {
    let code = failure.withLock { $0 }
    guard code == 0 else { throw OutputFailure(code: code) }
  }

  /// Prints one JSON object on standard output; figures that are not finite are null.
  static func printJSON(_ value: some Encodable) throws {
    let text = try JSONText(value, isPretty: false)
    print(String(decoding: text.data, as: UTF8.self), terminator: "")
  }

  /// Prints a table and sentences on standard output.
  static func show(_ account: QualityAccount) {
    let lines = [account.header] + account.rows
    let widths = account.header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    for line in lines {
      let cells = line.enumerated().map { column, cell in
        cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      print(cells.joined(separator: "   ").trimmingCharacters(in: .whitespaces))
    }
    for paragraph in account.paragraphs { print("\n" + paragraph) }
  }

  /// Four significant digits, and what stands behind a number.
  static func short(_ value: Double?, _ unit: String = "") -> String {
    measured(value, unit)
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
      Terminal.write("\r\u{1B}[K[\(bar)] \(words)\(end)")
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

/// Prints on standard output. What cannot be written is remembered and ends the command with a code of its own,
/// once its work is done.
func print(_ text: String, terminator: String = "\n") {
  let code = Terminal.write(text + terminator, to: 1)
  if code != 0 { Terminal.failure.withLock { if $0 == 0 { $0 = code } } }
}

/// Standard output was closed, or its disk is full.
struct OutputFailure: CategorisedError {
  var category: ErrorCategory { .inputOutput }
  let code: Int32

  var description: String {
    """
    Standard output could not be written: \(systemMessage(code)). \
    Check its destination; files named on the command line are complete.
    """
  }
}
