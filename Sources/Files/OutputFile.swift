#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written beside its place and gets its name when it is whole.
///
/// Let go before that it is removed, and so it is when the process is ended early.
package final class OutputFile {
  package let path: String
  let partialPath: String
  private let descriptor: Int32
  private var isWhole = false

  /// - Parameters:
  ///   - byteCount: the length that the file will have.
  ///   - spare: what the disk must have free beyond that.
  package init(path: String, byteCount: Int, spare: Int = 0) throws(FileError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw .cannotCreate(path: path, reason: systemMessage(EISDIR))
    }
    let (name, file) = try Self.create(for: path) { name in
      unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    (self.path, partialPath, descriptor) = (path, name, file)
    var space = statvfs()
    if unsafe fstatvfs(file, &space) == 0 {
      let (free, overflow) = Int(space.f_bavail).multipliedReportingOverflow(
        by: Int(space.f_frsize))
      let (needs, isBeyond) = byteCount.addingReportingOverflow(spare)
      guard overflow || (!isBeyond && needs <= free) else {
        throw .noSpace(path: path, needs: isBeyond ? .max : needs, free: free)
      }
    }
    guard ftruncate(file, off_t(byteCount)) == 0 else {
      throw .writeFailed(path: path, reason: systemMessage(errno))
    }
  }

  /// Writes bytes that are at hand.
  package convenience init(path: String, _ bytes: [UInt8]) throws(FileError) {
    try self.init(path: path, byteCount: bytes.count)
    try write(bytes.span, at: 0)
  }

  /// Makes something under a name that is free, locks it and puts it on the list of what is unfinished.
  static func create(
    for path: String, _ make: (_ name: String) -> Int32
  ) throws(FileError) -> (name: String, descriptor: Int32) {
    try Unfinished.change { paths throws(FileError) in
      for attempt in 0..<100 {
        let name = Unfinished.name(for: path, attempt: attempt)
        let file = make(name)
        if file < 0 && errno == EEXIST { continue }
        guard file >= 0 else { throw .cannotCreate(path: path, reason: systemMessage(errno)) }
        _ = flock(file, LOCK_EX | LOCK_NB)
        // Another process may have taken it for one that was left behind.
        guard FileStamp(path: name) != nil else {
          close(file)
          continue
        }
        paths.insert(name)
        return (name, file)
      }
      throw .cannotCreate(path: path, reason: systemMessage(EEXIST))
    }
  }

  deinit {
    close(descriptor)
    if !isWhole { Unfinished.discard(partialPath) }
  }

  /// Writes samples as they lie in memory from byte `offset` on.
  package func write<Sample: BitwiseCopyable>(
    _ samples: Span<Sample>, at offset: Int
  ) throws(FileError) {
    let count = samples.count * MemoryLayout<Sample>.stride
    var done = 0
    while done < count {
      let put = unsafe samples.withUnsafeBytes { bytes in
        unsafe pwrite(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
          off_t(offset + done))
      }
      if put < 0 && errno == EINTR { continue }
      guard put > 0 else { throw .writeFailed(path: path, reason: systemMessage(errno)) }
      done += put
    }
  }

  /// Fills `values` with floats that were written before.
  package func read(into values: inout MutableSpan<Float>, at offset: Int) throws(FileError) {
    try readBytes(of: path, descriptor, into: &values, at: offset)
  }

  /// The SHA-256 of what was written. Cost: one pass, from memory where the system kept it.
  package func sha256() throws(FileError) -> String {
    do {
      return try Fingerprint(path: partialPath).sha256
    } catch {
      throw .writeFailed(path: path, reason: "it could not be read again")
    }
  }

  /// Waits until the disk has the file.
  func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else {
      throw .writeFailed(path: path, reason: systemMessage(errno))
    }
  }

  /// Gives the file its name.
  package func commit() throws(FileError) { try OutputFile.commit([self]) }

  /// Gives files that have none yet their names in the given order, once all of them are on the disk.
  ///
  /// Where one cannot have its name, those before it give theirs back to what stood there.
  package static func commit(_ files: [OutputFile]) throws(FileError) {
    let files = files.filter { !$0.isWhole }
    for file in files { try file.sync() }
    try Unfinished.change { paths throws(FileError) in
      var done: [(file: OutputFile, old: String?)] = []
      for file in files {
        let kept = file.partialPath.dropLast(".partial".count) + ".old.partial"
        let old = unsafe link(file.path, String(kept)) == 0 ? String(kept) : nil
        guard unsafe rename(file.partialPath, file.path) == 0 else {
          let reason = systemMessage(errno)
          if let old { _ = unsafe unlink(old) }
          for (file, old) in done.reversed() {
            if let old { _ = unsafe rename(old, file.path) } else { _ = unsafe unlink(file.path) }
          }
          throw .writeFailed(path: file.path, reason: reason)
        }
        done.append((file, old))
      }
      for (file, old) in done {
        if let old { _ = unsafe unlink(old) }
        file.isWhole = true
        paths.remove(file.partialPath)
      }
      for folder in Set(files.map { folder(of: $0.path) }) { syncFolder(folder) }
    }
  }
}

/// Waits until the disk knows the names in a folder; not every file system can.
func syncFolder(_ path: String) {
  let folder = unsafe open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}

/// What stands before the last part of a path; empty where that is all.
package func folder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
