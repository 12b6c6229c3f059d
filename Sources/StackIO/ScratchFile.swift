package import Fields
import Files

/// Floats on disk that do not outlive the process: room for fields that memory cannot hold.
///
/// It begins as zeros, takes disk space only as it is written, and is removed when it is let go.
package final class ScratchFile: @unchecked Sendable {  // reads and writes do not share a position
  package let floatCount: Int
  private let file: OutputFile

  /// - Parameter path: the file it stands beside, which is not touched.
  package init(beside path: String, floatCount: Int) throws(StackError) {
    self.floatCount = floatCount
    file = try FileError.inStack { () throws(FileError) in
      try OutputFile(path: path + ".scratch", byteCount: floatCount * 4)
    }
  }

  /// The floats from `start` on.
  package func read(_ count: Int, from start: Int) throws(StackError) -> FloatStorage {
    precondition(start >= 0 && start + count <= floatCount, "no such floats")
    var storage = try FloatStorage(allocating: count, for: file.path)
    var values = storage.mutableSpan
    do throws(FileError) {
      try file.read(into: &values, at: start * 4)
    } catch {
      throw .file(error)
    }
    return storage
  }

  /// Puts `floats` in place from `start` on.
  package func write(_ floats: Span<Float>, from start: Int) throws(StackError) {
    precondition(start >= 0 && start + floats.count <= floatCount, "no such floats")
    do throws(FileError) { try file.write(floats, at: start * 4) } catch { throw .file(error) }
  }
}
