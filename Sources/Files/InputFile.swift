#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file open for reading at any place, which is hashed through the same descriptor. Closed when it is let go.
package final class InputFile {
  package let path: String
  package let byteCount: Int
  package let stamp: FileStamp
  private let descriptor: Int32
  private let digest = Digest()
  private var hashedCount = 0
  private static let blockLength = 1 << 20

  /// Opens a regular file; a folder, a pipe or a device is refused by its kind and never waited for.
  package init(path: String) throws(FileError) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      guard code != ENOENT, code != ENOTDIR else { throw .missing(path: path) }
      if let kind = FileKind(path: path) { throw .notAFile(path: path, kind) }
      throw .cannotOpen(path: path, reason: systemMessage(code))
    }
    self.path = path
    var status = stat()
    let failure = unsafe fstat(descriptor, &status) == 0 ? nil : errno
    (byteCount, stamp) = (Int(status.st_size), FileStamp(status))
    if let failure { throw .cannotOpen(path: path, reason: systemMessage(failure)) }
    if let kind = FileKind(status, isTerminal: isatty(descriptor) == 1) {
      throw .notAFile(path: path, kind)
    }
  }

  deinit { close(descriptor) }

  /// A second descriptor of the open file, for a library that closes it.
  package func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

  /// Fills `buffer` from its start with `count` bytes of the file.
  package func read(_ count: Int, at offset: Int, into buffer: inout [UInt8]) throws(FileError) {
    precondition(count <= buffer.count)
    var bytes = buffer.mutableSpan
    var part = bytes._mutatingExtracting(first: count)
    try readBytes(of: path, descriptor, into: &part, at: offset)
  }

  /// Fills `values` with samples as they lie in the file.
  package func read(into values: inout MutableSpan<Float>, at offset: Int) throws(FileError) {
    try readBytes(of: path, descriptor, into: &values, at: offset)
  }

  /// Up to `count` bytes from `offset`, fewer where the file ends.
  package func bytes(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    let count = max(0, min(count, byteCount - offset))
    var buffer = [UInt8](repeating: 0, count: count)
    try read(count, at: offset, into: &buffer)
    return buffer
  }

  /// Hashes on until `end`, behind what is being read, so that the disk is read once.
  package func hash(through end: Int) throws(FileError) {
    while hashedCount < min(end, byteCount) {
      let block = try bytes(
        min(Self.blockLength, min(end, byteCount) - hashedCount), at: hashedCount)
      digest.add(block.span)
      hashedCount += block.count
    }
  }

  /// The SHA-256 of the whole file, once everything was read.
  ///
  /// - Throws: ``FileError/changed(path:)`` where it was written to since it was opened.
  package func fingerprint() throws(FileError) -> Fingerprint {
    do {
      try hash(through: byteCount)
    } catch .readFailed {
      throw .changed(path: path)
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .readFailed(path: path, reason: systemMessage(errno))
    }
    let now = FileStamp(status)
    guard !now.isOtherFile(than: stamp) else { throw .changed(path: path) }
    return Fingerprint(path: path, sha256: digest.finish(), stamp: now)
  }

  /// The whole of a small file, and its fingerprint.
  ///
  /// - Throws: ``FileError/tooLong(path:byteCount:limit:)`` beyond `limit` bytes.
  package static func contents(
    of path: String, limit: Int = 1 << 26
  ) throws(FileError) -> (bytes: [UInt8], fingerprint: Fingerprint) {
    let file = try InputFile(path: path)
    guard file.byteCount <= limit else {
      throw .tooLong(path: path, byteCount: file.byteCount, limit: limit)
    }
    let bytes = try file.bytes(file.byteCount, at: 0)
    return (bytes, try file.fingerprint())
  }
}

/// Fills `values` with the bytes of an open file from byte `offset` on.
func readBytes<Element: BitwiseCopyable>(
  of path: String, _ descriptor: Int32, into values: inout MutableSpan<Element>, at offset: Int
) throws(FileError) {
  let count = values.count * MemoryLayout<Element>.stride
  var done = 0
  while done < count {
    let got = unsafe values.withUnsafeMutableBytes { bytes in
      unsafe pread(
        descriptor, bytes.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
    }
    if got < 0 && errno == EINTR { continue }
    guard got >= 0 else { throw .readFailed(path: path, reason: systemMessage(errno)) }
    guard got > 0 else {
      throw .readFailed(path: path, reason: "it ended at byte \(offset + done) while it was read")
    }
    done += got
  }
}

/// The system's words for an error number.
package func systemMessage(_ code: Int32) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
