/// What kind of failure an error is. The value is the exit code of a command that ends with it, after `sysexits.h`.
public enum ErrorCategory: Int32, Sendable {
  /// An option or setting that cannot work (EX_USAGE).
  case usage = 64
  /// What a file or array holds is wrong or contradicts itself (EX_DATAERR).
  case badData = 65
  /// An input is missing or cannot be opened (EX_NOINPUT).
  case noInput = 66
  /// Memory was refused, a computation broke down, or a fault of Voxtilt itself (EX_SOFTWARE).
  case internalFault = 70
  /// A result cannot be created there, or not in that format (EX_CANTCREAT).
  case cannotCreate = 73
  /// Reading or writing failed on the way, or the disk is full (EX_IOERR).
  case inputOutput = 74
  /// Stopped with a checkpoint from which the run can go on (EX_TEMPFAIL).
  case paused = 75
  /// Ended by the user, as by Ctrl-C (128 + SIGINT).
  case interrupted = 130
}

/// An error whose `description` says in one or two sentences what is wrong, where, and what to do.
public protocol CategorisedError: Error, CustomStringConvertible {
  /// What kind of failure it is, for exit codes and for callers that treat kinds alike.
  var category: ErrorCategory { get }
}
