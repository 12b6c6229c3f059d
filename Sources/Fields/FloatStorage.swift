import CPUGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A fixed-length block of `Float`, aligned for vector loads and copied only on write.
///
/// This file and `Slabs.swift` are the only places that own or split raw memory. Everything above
/// sees `Span<Float>` and `MutableSpan<Float>`.
@safe
public struct FloatStorage: @unchecked Sendable {
  private var owner: Allocation
  private var elements: UnsafeMutableBufferPointer<Float>

  /// Creates storage for `count` zeros; use it where the size comes from outside, such as from a file.
  ///
  /// - Throws: ``MemoryError/refused(byteCount:)``
  public init(allocating count: Int) throws(MemoryError) {
    precondition(count >= 0, "a field cannot have a negative length")
    owner = try Allocation(floatCount: count)
    unsafe elements = owner.elements
  }

  /// Creates storage for `count` zeros. The process ends if memory is refused.
  public init(zeros count: Int) {
    do {
      try self.init(allocating: count)
    } catch {
      fatalError("\(error)")
    }
  }

  /// Creates storage of `count` equal values.
  public init(repeating value: Float, count: Int) {
    self.init(zeros: count)
    unsafe elements.update(repeating: value)
  }

  /// Creates storage that holds `values` in order.
  public init(_ values: some Collection<Float>) {
    self.init(zeros: values.count)
    for (i, value) in values.enumerated() { unsafe elements[i] = value }
  }

  /// The number of floats.
  public var count: Int { unsafe elements.count }

  /// The values, for reading.
  public var span: Span<Float> {
    @_lifetime(borrow self)
    get {
      let view = unsafe Span(_unsafeElements: elements)
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// The values, for writing. Copies the storage first if it is shared.
  public var mutableSpan: MutableSpan<Float> {
    @_lifetime(&self)
    mutating get {
      detachIfShared()
      let view = unsafe MutableSpan(_unsafeElements: elements)
      return unsafe _overrideLifetime(view, mutating: &self)
    }
  }

  private mutating func detachIfShared() {
    guard !isKnownUniquelyReferenced(&owner) else { return }
    let (old, twin) = (self, FloatStorage(zeros: count))
    // Another thread may let go of the last other reference while this one copies.
    withExtendedLifetime(old) { _ = unsafe twin.elements.update(fromContentsOf: old.elements) }
    self = twin
  }
}

/// Zeroed memory, 64-byte aligned.
///
/// From 1 MiB on it has pages of its own, taken as they are touched and given back when it is let go, so
/// that what a process holds is what its fields need; from 4 MiB on these are 2 MiB aligned and offered
/// to huge pages.
@safe
private final class Allocation {
  let elements: UnsafeMutableBufferPointer<Float>
  private let byteCount: Int
  private var isMapped: Bool { byteCount >= Self.mappedFrom }

  private static let hugePage = 2 << 20
  private static let mappedFrom = hugePage / 2

  init(floatCount: Int) throws(MemoryError) {
    let (byteCount, overflow) = max(floatCount, 1).multipliedReportingOverflow(
      by: MemoryLayout<Float>.stride)
    guard !overflow, byteCount <= Int.max - 2 * Self.hugePage else {
      throw .refused(byteCount: .max)
    }
    self.byteCount = byteCount
    let found = unsafe byteCount >= Self.mappedFrom ? Self.map(byteCount) : Self.take(byteCount)
    guard let memory = unsafe found else { throw .refused(byteCount: byteCount) }
    unsafe elements = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Float.self, capacity: floatCount), count: floatCount)
  }

  deinit {
    if isMapped {
      unsafe munmap(elements.baseAddress, byteCount)
    } else {
      unsafe free(elements.baseAddress)
    }
  }

  private static func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    var memory: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&memory, 64, byteCount) == 0 else { return nil }
    return unsafe memory.map { unsafe memset($0, 0, byteCount) }
  }

  private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let isHuge = byteCount >= 2 * hugePage
    let length = (byteCount + pageSize - 1) / pageSize * pageSize
    let spare = isHuge ? hugePage : 0
    let mapped = unsafe mmap(
      nil, length + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
    guard isHuge else { return unsafe mapped }
    // What stands before and behind the aligned part is given back.
    let before = unsafe (hugePage - Int(bitPattern: mapped) % hugePage) % hugePage
    let memory = unsafe mapped + before
    if before > 0 { unsafe munmap(mapped, before) }
    if before < spare { unsafe munmap(memory + length, spare - before) }
    #if os(Linux)
      _ = unsafe madvise(memory, length, MADV_HUGEPAGE)
    #endif
    return unsafe memory
  }

  private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
}
