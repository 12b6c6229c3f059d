import Errors

/// A program that takes noise out of a volume, called as `COMMAND INPUT OUTPUT SIGMA`.
///
/// INPUT is a stack of 32-bit floats in MRC, one page per z with y in rows and x in columns; the program writes OUTPUT, a stack of the same
/// size in MRC or TIFF format, and ends with status 0. SIGMA is the standard deviation of the noise, in units of the values.
package struct DenoiserProgram: Sendable, Hashable {
  /// Words of a shell; file names are added to them.
  package var command: String

  /// - Parameter command: such as `python3 denoise.py`.
  package init(command: String) { self.command = command }
}

/// Why a program did not denoise.
enum DenoiserProgramError: CategorisedError, Equatable {
  case notStarted(String, reason: String)
  case failed(String, status: Int32, words: String)
  case noResult(String, reason: String)
  case size(String, found: String, String)
  case nonFinite(String, count: Int)
  case stopped

  var category: ErrorCategory { self == .stopped ? .interrupted : .badData }

  var description: String {
    switch self {
    case .notStarted(let command, let reason):
      "The denoiser '\(command)' could not be started: \(reason). Check the command."
    case .failed(let command, let status, let words):
      """
      The denoiser '\(command)' ended with status \(status)\(words.isEmpty ? "" : ": \(words)"). \
      It is called as COMMAND INPUT OUTPUT SIGMA; try it on a volume of your own first.
      """
    case .noResult(let command, let reason):
      "The denoiser '\(command)' left no stack that can be read as its OUTPUT: \(reason)"
    case .size(let command, let found, let expected):
      "The denoiser '\(command)' returned a stack of \(found), and \(expected) was expected. OUTPUT must be as large as INPUT."
    case .nonFinite(let command, let count):
      "The denoiser '\(command)' returned \(count) values that are not finite. OUTPUT must contain numbers only."
    case .stopped:
      "The denoiser was stopped."
    }
  }
}
