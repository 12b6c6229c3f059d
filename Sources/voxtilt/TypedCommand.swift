import Foundation
import Synchronization

/// The words after `voxtilt` that a result is recorded with: those that were typed, or those of a command that
/// another one runs.
enum TypedCommand {
  private static let standIn = Mutex<[String]?>(nil)

  static var words: [String] {
    standIn.withLock { $0 } ?? Array(CommandLine.arguments.dropFirst())
  }

  /// From here on results are recorded with `words`.
  static func record(_ words: [String]) { standIn.withLock { $0 = words } }
}
