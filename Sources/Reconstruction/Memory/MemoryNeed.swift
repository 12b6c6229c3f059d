/// What a command holds at most, and what would make it less.
///
/// The count covers the whole process, libraries included; `scripts/memory-table` compares it with
/// measured peaks.
public struct MemoryNeed: Sendable, Hashable {
  /// What is done, as the subject of "… needs 3.7 GB of memory".
  package let work: String
  /// The most that the whole process holds at once, in bytes.
  public let byteCount: Int
  /// What makes it less, after "Raise --max-memory, or".
  package let cure: String

  /// - Parameter stages: the bytes that are held together at each stage of a run, of which the largest
  ///   counts.
  package init(_ work: String, stages: [Int], cure: String) {
    (self.work, self.cure) = (work, cure)
    byteCount = Self.process + (stages.max() ?? 0)
  }

  /// - Parameter byteCount: of the whole process.
  package init(_ work: String, byteCount: Int, cure: String) {
    (self.work, self.byteCount, self.cure) = (work, byteCount, cure)
  }

  /// The program, its libraries and what the allocator keeps for itself.
  package static let process = 40 << 20

  /// - Throws: ``MemoryLimitError/beyondMemory(_:limit:)`` where it exceeds `limit` bytes.
  package func check(limit: Int) throws(MemoryLimitError) {
    guard byteCount <= limit else { throw .beyondMemory(self, limit: limit) }
  }
}

/// A recipe that knows what it will hold before it reads a page.
package protocol MemoryBound {
  /// Bytes of the whole process.
  var memoryLimit: Int { get set }

  /// Reads no more than headers, and tables of numbers.
  func memory() throws -> MemoryNeed
}

extension MemoryBound {
  /// - Throws: ``MemoryLimitError/beyondMemory(_:limit:)``
  package func checkMemory() throws { try memory().check(limit: memoryLimit) }
}
