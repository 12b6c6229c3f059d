import Files

/// A text and many floats in one file, for a program to find again.
///
///     "VOXTILT1" · length of the text · the text · zeros up to a multiple of 64 · floats
///
/// The length is a 64-bit integer. It and the floats are little-endian.
package struct FloatArchive {
  private static let mark = Array("VOXTILT1".utf8)

  /// The text, as UTF-8.
  package let head: [UInt8]
  package let floatCount: Int
  private let file: InputFile
  private let start: Int

  /// - Throws: ``StackError/notAnArchive(path:)``, or what opening the file throws.
  package init(reading path: String) throws(StackError) {
    let (file, opening) = try FileError.inStack { () throws(FileError) in
      let file = try InputFile(path: path)
      return (file, try file.bytes(16, at: 0))
    }
    guard opening.count == 16, opening.starts(with: Self.mark) else {
      throw .notAnArchive(path: path)
    }
    let length = opening[8...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(file.byteCount - 16) else { throw .notAnArchive(path: path) }
    self.file = file
    head = try FileError.inStack { () throws(FileError) in try file.bytes(Int(length), at: 16) }
    start = Self.start(Int(length))
    guard start <= file.byteCount, (file.byteCount - start).isMultiple(of: 4) else {
      throw .notAnArchive(path: path)
    }
    floatCount = (file.byteCount - start) / 4
  }

  /// Fills `values` with the floats from `first` on.
  package func read(into values: inout MutableSpan<Float>, from first: Int) throws(StackError) {
    precondition(first >= 0 && first + values.count <= floatCount, "no such floats")
    do throws(FileError) {
      try file.read(into: &values, at: start + 4 * first)
    } catch {
      throw .file(error)
    }
  }

  /// Writes an archive; it appears, in place of an earlier one, when it is whole.
  ///
  /// - Parameter floats: puts the floats in order, as many as were announced.
  package static func write(
    _ head: [UInt8], to path: String, floatCount: Int,
    floats: (_ put: (Span<Float>) throws -> Void) throws -> Void
  ) throws {
    let begin = start(head.count)
    let file = try OutputFile(path: path, byteCount: begin + 4 * floatCount)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: head.count >> (8 * $0)) }
    try file.write((mark + length + head).span, at: 0)
    var done = 0
    try floats { values in
      precondition(done + values.count <= floatCount, "more floats than were announced")
      try file.write(values, at: begin + 4 * done)
      done += values.count
    }
    precondition(done == floatCount, "fewer floats than were announced")
    try file.commit()
  }

  private static func start(_ headLength: Int) -> Int { (16 + headLength + 63) / 64 * 64 }
}
