#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which file a path led to, and when it was last written.
package struct FileStamp: Sendable, Hashable {
  let device: UInt64
  let inode: UInt64
  let byteCount: Int
  let modified: [Int]
  /// When contents, name or permissions changed last.
  let altered: [Int]

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    byteCount = Int(status.st_size)
    modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
    altered = [Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec)]
  }

  /// `nil` where nothing can be found.
  package init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether two differ in more than a name or permissions.
  func isOtherFile(than other: FileStamp) -> Bool {
    device != other.device || inode != other.inode || byteCount != other.byteCount
      || modified != other.modified
  }
}

/// A file that was read: where it was, and the SHA-256 of the bytes that were used.
package struct Fingerprint: Sendable, Hashable {
  package let path: String
  /// 64 hexadecimal digits.
  package let sha256: String
  let stamp: FileStamp

  /// Hashes a file that is used as it is now. Cost: one pass.
  package init(path: String) throws(FileError) {
    self = try InputFile(path: path).fingerprint()
  }

  init(path: String, sha256: String, stamp: FileStamp) {
    (self.path, self.sha256, self.stamp) = (path, sha256, stamp)
  }

  /// Checks that the path still leads to the bytes that were used.
  ///
  /// A file that got another name or other permissions is hashed again.
  ///
  /// - Returns: whether it is still there; one that was removed did not change.
  /// - Throws: ``FileError/changed(path:)``
  @discardableResult
  package func verify() throws(FileError) -> Bool {
    guard let now = FileStamp(path: path) else { return false }
    guard now != stamp else { return true }
    guard !now.isOtherFile(than: stamp), try Fingerprint(path: path).sha256 == sha256 else {
      throw .changed(path: path)
    }
    return true
  }
}
