/// What kind of failure an error is. The value is the exit code of a command that ends with it, after `sysexits.h`.
public enum ErrorCategory: Int32, Sendable {
  case usage = 64
  case badData = 65
  case noInput = 66
  case internalFault = 70
  case cannotCreate = 73
  case inputOutput = 74
  /// Stopped with a checkpoint that is kept.
  case paused = 75
  case interrupted = 130
}

/// An error that says in one or two sentences what is wrong, where, and what to do.
public protocol CategorisedError: Error, CustomStringConvertible {
  var category: ErrorCategory { get }
}
