#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Synchronization

/// The files and folders that this process has begun and not finished.
///
/// The list is of the whole process, since its end is: whatever ends it early removes what is on the list.
/// Each is locked (`flock`) for as long as its process lives, so that others can tell what was left behind.
package enum Unfinished {
  private static let paths = Mutex<Set<String>>([])

  /// Runs `body`, which makes or names files, while nothing can end the process.
  static func change<Result>(
    _ body: (inout Set<String>) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    let result: Swift.Result<Result, FileError> = paths.withLock { paths in
      do throws(FileError) { return .success(try body(&paths)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Forgets a path, and removes what is there.
  static func discard(_ path: String) {
    paths.withLock { paths in
      paths.remove(path)
      remove(path)
    }
  }

  /// Removes everything that is unfinished and ends the process; no file can be begun meanwhile.
  package static func end(code: Int32) -> Never {
    paths.withLock { paths in
      for path in paths { remove(path) }
      _exit(code)
    }
  }

  /// Removes what processes that are no longer alive left of the result `path`.
  ///
  /// - Returns: the names of what was removed.
  package static func sweep(besides path: String) -> [String] {
    let (folder, name) = split(path)
    let start = shortened(name) + "."
    guard let open = unsafe opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { unsafe closedir(open) }
    var found: [String] = []
    while let entry = unsafe readdir(open) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name.hasPrefix(start) && name.hasSuffix(ending) { found.append(name) }
    }
    return found.sorted().filter { name in
      let path = folder + name
      let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
      remove(path)
      return true
    }
  }

  private static let ending = ".partial"

  /// Where something is made that will be called `path`, at the given attempt.
  static func name(for path: String, attempt: Int) -> String {
    let (folder, name) = split(path)
    let again = attempt == 0 ? "" : "-\(attempt)"
    return folder + shortened(name) + ".\(getpid())\(again)" + ending
  }

  /// A name of at most 255 bytes has room for the rest.
  private static func shortened(_ name: String) -> String {
    guard name.utf8.count > 210 else { return name }
    var start = name
    while start.utf8.count > 190 { start.removeLast() }
    return start + "~" + sha256(of: Array(name.utf8)).prefix(12)
  }

  /// The folder with its slash, and the name.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: 0x2F) else { return ("", path) }
    let after = path.utf8.index(after: slash)
    return (String(path[..<after]), String(path[after...]))
  }

  /// A file, or a folder with the files in it.
  private static func remove(_ path: String) {
    guard unsafe unlink(path) != 0, errno == EISDIR || errno == EPERM else { return }
    if let open = unsafe opendir(path) {
      while let entry = unsafe readdir(open) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
          unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) {
            unsafe String(cString: $0)
          }
        }
        if name != "." && name != ".." { remove(path + "/" + name) }
      }
      unsafe closedir(open)
    }
    _ = unsafe rmdir(path)
  }
}
