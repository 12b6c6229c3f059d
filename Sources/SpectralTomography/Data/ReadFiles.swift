import Files
import StackIO
import Synchronization

/// The files of a source as they were first opened: each is hashed once, behind the pages that are read.
final class ReadFiles: Sendable {
  private struct Entry {
    let stamp: FileStamp
    var fingerprint: Fingerprint?
  }
  private let entries = Mutex<[String: Entry]>([:])

  /// - Throws: `FileError.changed` where it is not the file that was opened before.
  func check(_ reader: borrowing StackReader) throws {
    let (path, stamp) = (reader.info.path, reader.stamp)
    let first = entries.withLock { entries in
      let first = entries[path]?.stamp ?? stamp
      if entries[path] == nil { entries[path] = Entry(stamp: stamp) }
      return first
    }
    guard first == stamp else { throw FileError.changed(path: path) }
  }

  /// Hashes a file, the first time that its pages were read.
  @discardableResult
  func note(_ reader: borrowing StackReader) throws -> Fingerprint {
    let path = reader.info.path
    if let known = fingerprint(of: path) { return known }
    let fingerprint = try reader.fingerprint()
    entries.withLock { $0[path]?.fingerprint = fingerprint }
    return fingerprint
  }

  func fingerprint(of path: String) -> Fingerprint? {
    entries.withLock { $0[path]?.fingerprint }
  }
}
