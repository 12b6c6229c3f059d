#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written beside its place and moved there when it is whole.
///
/// Let go before ``commit()`` it is removed.
final class PartialFile {
  let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var isCommitted = false

  /// - Parameters:
  ///   - byteCount: the length that the file will have.
  ///   - spare: what the disk must have free beyond that.
  init(path: String, byteCount: Int, spare: Int = 0) throws(StackError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw .cannotCreate(path: path, reason: systemMessage(EISDIR))
    }
    var name = "\(path).\(getpid()).partial"
    var file = Self.create(name)
    for attempt in 1..<100 where file < 0 && errno == EEXIST {
      name = "\(path).\(getpid())-\(attempt).partial"
      file = Self.create(name)
    }
    guard file >= 0 else { throw .cannotCreate(path: path, reason: systemMessage(errno)) }
    (self.path, partialPath, descriptor) = (path, name, file)
    var space = statvfs()
    if unsafe fstatvfs(file, &space) == 0 {
      let (free, overflow) = Int(space.f_bavail).multipliedReportingOverflow(
        by: Int(space.f_frsize))
      guard overflow || byteCount + spare <= free else {
        throw .noSpace(path: path, needs: byteCount + spare, free: free)
      }
    }
    guard ftruncate(file, byteCount) == 0 else {
      throw .writeFailed(path: path, reason: systemMessage(errno))
    }
  }

  private static func create(_ path: String) -> Int32 {
    unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  }

  deinit {
    close(descriptor)
    if !isCommitted { _ = unsafe unlink(partialPath) }
  }

  func write<Sample: BitwiseCopyable>(
    _ samples: Span<Sample>, at offset: Int
  ) throws(StackError) {
    let count = samples.count * MemoryLayout<Sample>.stride
    var done = 0
    while done < count {
      let put = unsafe samples.withUnsafeBytes { bytes in
        unsafe pwrite(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, offset + done)
      }
      if put < 0 && errno == EINTR { continue }
      guard put > 0 else { throw .writeFailed(path: path, reason: systemMessage(errno)) }
      done += put
    }
  }

  /// Fills `values` with floats that were written before.
  func read(into values: inout MutableSpan<Float>, at offset: Int) throws(StackError) {
    try readFloats(of: path, descriptor, into: &values, at: offset)
  }

  /// Flushes the file to the disk and gives it its name.
  func commit() throws(StackError) {
    guard fsync(descriptor) == 0, unsafe rename(partialPath, path) == 0 else {
      throw .writeFailed(path: path, reason: systemMessage(errno))
    }
    isCommitted = true
  }
}
