public import Errors

/// Why a file could not be read or written.
public enum FileError: CategorisedError, Equatable {
  case missing(path: String)
  /// The path leads to a folder, a pipe or the like.
  case notAFile(path: String, FileKind)
  case cannotOpen(path: String, reason: String)
  case readFailed(path: String, reason: String)
  /// A file that must be small, such as a list of angles, has more than `limit` bytes.
  case tooLong(path: String, byteCount: Int, limit: Int)
  /// An input was written to while it was in use.
  case changed(path: String)
  case cannotCreate(path: String, reason: String)
  /// The disk has fewer bytes free than the file needs.
  case noSpace(path: String, needs: Int, free: Int)
  case writeFailed(path: String, reason: String)

  public var category: ErrorCategory {
    switch self {
    case .missing, .notAFile, .cannotOpen: .noInput
    case .changed, .tooLong: .badData
    case .cannotCreate: .cannotCreate
    case .readFailed, .noSpace, .writeFailed: .inputOutput
    }
  }

  public var description: String {
    switch self {
    case .missing(let path):
      "'\(path)' does not exist. Check the path."
    case .notAFile(let path, let kind):
      "'\(path)' is \(kind.words)"
    case .cannotOpen(let path, let reason):
      "'\(path)' cannot be opened: \(reason). Check the path and its permissions."
    case .readFailed(let path, let reason):
      "'\(path)' could not be read: \(reason). Check the disk and try again."
    case .tooLong(let path, let byteCount, let limit):
      "'\(path)' has \(byteCount) bytes; the limit for such a file is \(limit). Check the path."
    case .changed(let path):
      """
      '\(path)' changed while it was in use, so no result was kept. \
      Run the command again when the file is complete.
      """
    case .cannotCreate(let path, let reason):
      "'\(path)' cannot be created: \(reason). Choose a folder that exists and is writable."
    case .noSpace(let path, let needs, let free):
      """
      '\(path)' needs \(needs) bytes and the disk has \(free) free. \
      Free some space or write to another disk.
      """
    case .writeFailed(let path, let reason):
      "'\(path)' could not be written: \(reason). Check the disk and try again."
    }
  }
}
