import ArgumentParser
import Foundation
import Synchronization

/// The words after `voxtilt` that a result is recorded with: those that were typed, or those of a command that
/// another one runs.
enum TypedCommand {
  private static let standIn = Mutex<[String]?>(nil)

  static var words: [String] {
    standIn.withLock { $0 } ?? Array(CommandLine.arguments.dropFirst())
  }

  /// Refuses words that are no text, since files would be made under other names than those typed.
  static func check() throws {
    // What is not UTF-8 becomes U+FFFD in them.
    if let word = words.first(where: { $0.contains("\u{FFFD}") }) {
      throw ValidationError(
        "'\(word)' is not UTF-8 text. Give a name in UTF-8, or rename the file.")
    }
  }

  /// From here on results are recorded with `words`.
  static func record(_ words: [String]) { standIn.withLock { $0 = words } }
}
