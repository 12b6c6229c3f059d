import CPUGuard

#if canImport(Glibc)
  import Glibc
#endif

/// A fixed-length block of `Float`, aligned for vector loads and copied only on write.
///
/// This file and `Slabs.swift` are the only places that own or split raw memory. Everything above
/// sees `Span<Float>` and `MutableSpan<Float>`.
@safe
public struct FloatStorage: @unchecked Sendable {
  private var owner: Allocation
  private var elements: UnsafeMutableBufferPointer<Float>

  /// Creates storage for `count` zeros.
  public init(zeros count: Int) {
    precondition(count >= 0, "a field cannot have a negative length")
    owner = Allocation(floatCount: count)
    unsafe elements = owner.elements
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

/// Zeroed memory: 64-byte aligned, or 2 MiB aligned and offered to huge pages when it is large.
@safe
private final class Allocation {
  let elements: UnsafeMutableBufferPointer<Float>

  init(floatCount: Int) {
    let byteCount = max(floatCount, 1) * MemoryLayout<Float>.stride
    let hugePage = 2 << 20
    let isLarge = byteCount >= 2 * hugePage
    let alignment = isLarge ? hugePage : 64
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
    #if os(Linux)
      if isLarge { _ = unsafe madvise(memory, byteCount, MADV_HUGEPAGE) }
    #endif
    unsafe elements = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Float.self, capacity: floatCount), count: floatCount)
    unsafe elements.initialize(repeating: 0)
  }

  deinit { unsafe elements.baseAddress?.deallocate() }
}
