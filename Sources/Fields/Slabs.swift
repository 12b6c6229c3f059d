import Dispatch
import Foundation
import Synchronization

/// How many threads share a piece of work. Results do not depend on it.
public struct Workers: Sendable, Hashable {
  /// At least one.
  public let count: Int

  /// At most `count` threads; less than 1 counts as 1.
  public init(_ count: Int) { self.count = max(1, count) }

  /// One worker for each processor that this process may use.
  public static var all: Workers { Workers(ProcessInfo.processInfo.activeProcessorCount) }

  /// Calls `body` once for each item `0 ..< itemCount`, each on whichever worker is free next.
  ///
  /// The order of the calls is not fixed; what they compute must not depend on it.
  package func forEach(_ itemCount: Int, _ body: @Sendable (_ item: Int) -> Void) {
    let workerCount = min(count, itemCount)
    guard workerCount > 1 else {
      for item in 0..<itemCount { body(item) }
      return
    }
    let next = Atomic<Int>(0)
    @Sendable func work() {
      while true {
        let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard item < itemCount else { return }
        body(item)
      }
    }
    #if canImport(Glibc)
      guard !OwnThreads.areNeeded else { return OwnThreads.run(workerCount, work) }
    #endif
    DispatchQueue.concurrentPerform(iterations: workerCount) { _ in work() }
  }

  /// Calls `body` once for each of `parts`, disjoint ranges of `field` in ascending order.
  ///
  /// Each call may write to its own part freely. This function is the only place in the package
  /// where threads meet memory.
  package func forEachPart<Element: BitwiseCopyable>(
    of field: consuming MutableSpan<Element>, _ parts: [Range<Int>],
    _ body: @Sendable (_ part: Int, _ values: consuming MutableSpan<Element>) -> Void
  ) {
    var end = 0
    for part in parts {
      precondition(part.lowerBound >= end && part.upperBound <= field.count, "parts overlap")
      end = part.upperBound
    }
    var field = field
    unsafe field.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      nonisolated(unsafe) let base = unsafe start
      forEach(parts.count) { part in
        let range = parts[part]
        body(
          part, unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count))
      }
    }
  }

  /// Calls `body` once for each consecutive slab of `length` floats.
  package func forEachSlab(
    of field: consuming MutableSpan<Float>, length: Int,
    _ body: @Sendable (_ slab: Int, _ values: consuming MutableSpan<Float>) -> Void
  ) {
    precondition(length > 0 && field.count.isMultiple(of: length), "slabs must tile the field")
    let parts = (0..<field.count / length).map { $0 * length..<($0 + 1) * length }
    forEachPart(of: field, parts, body)
  }
}

/// Buffers of one length that workers borrow and give back, so that loops allocate nothing.
package final class ScratchPool: Sendable {
  private let idle = Mutex<[FloatStorage]>([])
  private let length: Int

  package init(length: Int) { self.length = length }

  /// Lends a buffer whose contents are whatever its last user left there.
  package func withScratch<Result>(_ body: (inout FloatStorage) -> Result) -> Result {
    var scratch = idle.withLock { $0.popLast() } ?? FloatStorage(zeros: length)
    let result = body(&scratch)
    idle.withLock { idle in
      idle.append(scratch)
      scratch = FloatStorage(zeros: 0)  // the next user is to be the only one
    }
    return result
  }
}
