#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file open for reading at any place, closed when it is let go.
final class RawFile {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  init(path: String) throws(StackError) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR
        ? .missing(path: path) : .cannotOpen(path: path, reason: systemMessage(code))
    }
    self.path = path
    var status = stat()
    let known = unsafe fstat(descriptor, &status) == 0
    byteCount = known ? Int(status.st_size) : 0
    guard known, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotOpen(path: path, reason: "it is not a regular file")
    }
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from its start with `count` bytes of the file.
  func read(_ count: Int, at offset: Int, into buffer: inout [UInt8]) throws(StackError) {
    precondition(count <= buffer.count)
    var done = 0
    while done < count {
      let got = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(
          descriptor, bytes.baseAddress?.advanced(by: done), count - done, offset + done)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .readFailed(path: path, reason: systemMessage(errno)) }
      guard got > 0 else {
        throw .readFailed(path: path, reason: "it ended at byte \(offset + done) while it was read")
      }
      done += got
    }
  }

  /// Fills `values` with floats as they lie in the file.
  func read(into values: inout MutableSpan<Float>, at offset: Int) throws(StackError) {
    try readFloats(of: path, descriptor, into: &values, at: offset)
  }

  /// Up to `count` bytes from `offset`, fewer where the file ends.
  func bytes(_ count: Int, at offset: Int) throws(StackError) -> [UInt8] {
    let count = max(0, min(count, byteCount - offset))
    var buffer = [UInt8](repeating: 0, count: count)
    try read(count, at: offset, into: &buffer)
    return buffer
  }

  /// The whole file as text; bytes that are not UTF-8 become replacement characters.
  static func text(at path: String) throws(StackError) -> String {
    let file = try RawFile(path: path)
    guard file.byteCount > 0 else { throw .empty(path: path) }
    guard file.byteCount <= 1 << 26 else {
      throw .cannotOpen(path: path, reason: "it is too long for a text file")
    }
    return String(decoding: try file.bytes(file.byteCount, at: 0), as: UTF8.self)
  }
}

/// Fills `values` with floats as they lie in an open file from byte `offset` on.
func readFloats(
  of path: String, _ descriptor: Int32, into values: inout MutableSpan<Float>, at offset: Int
) throws(StackError) {
  let count = values.count * 4
  var done = 0
  while done < count {
    let got = unsafe values.withUnsafeMutableBytes { bytes in
      unsafe pread(
        descriptor, bytes.baseAddress?.advanced(by: done), count - done, offset + done)
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
func systemMessage(_ code: Int32) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// A finite number in decimal digits; `nil` for hexadecimal ones and words like "inf".
func decimalNumber(_ text: some StringProtocol) -> Double? {
  guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text) else {
    return nil
  }
  return value.isFinite ? value : nil
}

/// Numbers of either byte order in the bytes of a header.
struct HeaderBytes {
  let bytes: [UInt8]
  let order: ByteOrder

  func unsigned(at offset: Int, count: Int) -> UInt64 {
    var value: UInt64 = 0
    for i in 0..<count {
      let byte = bytes[offset + (order == .bigEndian ? i : count - 1 - i)]
      value = value << 8 | UInt64(byte)
    }
    return value
  }

  func int16(at offset: Int) -> Int {
    Int(Int16(truncatingIfNeeded: unsigned(at: offset, count: 2)))
  }
  func int32(at offset: Int) -> Int {
    Int(Int32(truncatingIfNeeded: unsigned(at: offset, count: 4)))
  }
  func float(at offset: Int) -> Double {
    Double(Float(bitPattern: UInt32(truncatingIfNeeded: unsigned(at: offset, count: 4))))
  }
  func double(at offset: Int) -> Double { Double(bitPattern: unsigned(at: offset, count: 8)) }

  /// The ASCII text of a field, without trailing blanks and zeros.
  func text(at offset: Int, count: Int) -> String {
    var field = bytes[offset..<min(offset + count, bytes.count)].prefix { $0 != 0 }
    while field.last == 0x20 { field.removeLast() }
    return String(decoding: field, as: UTF8.self)
  }
}
