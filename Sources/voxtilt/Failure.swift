import ArgumentParser
import Errors
import Files
import StackIO

/// Exit codes, and how a failure ends the process.
enum Failure {
  static let usage = ErrorCategory.usage.rawValue
  static let internalFault = ErrorCategory.internalFault.rawValue
  static let paused = ErrorCategory.paused.rawValue
  static let interrupted = ErrorCategory.interrupted.rawValue

  /// Says what went wrong and ends the process with its code. Help and version go to standard output.
  static func end(with error: any Error) -> Never {
    guard let code = code(of: error) else {
      let message = Voxtilt.fullMessage(for: error)
      guard Voxtilt.exitCode(for: error).rawValue != 0 else {
        print(message)
        do { try Terminal.checkOutput() } catch { end(with: error) }
        CrashGuard.leave(0)
      }
      Terminal.say(message)
      CrashGuard.leave(usage)
    }
    Terminal.say("voxtilt: " + words(of: error))
    Unfinished.end(code: code)
  }

  /// One or two sentences.
  static func words(of error: any Error) -> String {
    guard code(of: error) != nil else { return Voxtilt.message(for: error) }
    if case StackError.nonFinite = error {
      return "\(error) (reconstruct --replace-nonfinite VALUE)"
    }
    return "\(error)"
  }

  static func category(of error: any Error) -> ErrorCategory {
    code(of: error).flatMap { ErrorCategory(rawValue: $0) } ?? .usage
  }

  /// `nil` where the argument parser has its own words.
  private static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as any CategorisedError: error.category.rawValue
    case is ValidationError, is CleanExit: nil
    default:
      Voxtilt.exitCode(for: error) == .validationFailure || Voxtilt.exitCode(for: error) == .success
        ? nil : internalFault
    }
  }
}
