#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a path can lead to that is not a regular file, and so cannot be read at any place.
public enum FileKind: Sendable, Hashable, CaseIterable {
  case folder, pipe, socket, terminal, device, other

  /// `nil` for a regular file.
  init?(_ status: stat, isTerminal: Bool = false) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return nil
    case S_IFDIR: self = .folder
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    case S_IFCHR, S_IFBLK: self = isTerminal ? .terminal : .device
    default: self = .other
    }
  }

  /// What a path leads to, which need not be open; `nil` for a regular file and where nothing can be found.
  init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What it is, and what to do about it.
  var words: String {
    switch self {
    case .folder: "a folder. Give a file in it."
    case .pipe:
      "a pipe, and files are read at random positions. Save its data to a file and give that."
    case .socket: "a socket, not a file. Save its data to a file and give that."
    case .terminal: "a terminal, not a file. Give the path of a file."
    case .device: "a device, not a file. Give the path of a file."
    case .other: "not a regular file. Give the path of a file."
    }
  }
}
