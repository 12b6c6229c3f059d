import Fields
import Testing

@Suite("FloatStorage")
struct FloatStorageTests {
  @Test(
    "storage begins as zeros, aligned to 64 bytes and from 4 MiB on to 2 MiB",
    arguments: [
      (0, 64), (1, 64), (1000, 64), (1 << 18, 64), (1 << 20, 2 << 20), ((3 << 20) + 5, 2 << 20),
    ])
  func zeros(count: Int, alignment: Int) throws {
    let storage = try FloatStorage(allocating: count)
    #expect(storage.count == count)
    #expect((0..<count).allSatisfy { storage.span[$0] == 0 })
    let address = unsafe storage.span.withUnsafeBufferPointer {
      unsafe Int(bitPattern: $0.baseAddress)
    }
    #expect(address.isMultiple(of: alignment))
  }

  @Test("what memory cannot hold is refused with the number of bytes that were asked for")
  func refused() {
    #expect(throws: MemoryError.refused(byteCount: 1 << 50)) {
      try FloatStorage(allocating: 1 << 48)
    }
    #expect(throws: MemoryError.refused(byteCount: .max)) { try FloatStorage(allocating: .max) }
    #expect("\(MemoryError.refused(byteCount: 4096))".contains("4096 bytes"))
  }

  @Test("a copy of a large field is independent of it once either is written")
  func copies() {
    let original = FloatStorage(repeating: 1, count: 1 << 20)
    var copy = original
    var values = copy.mutableSpan
    values[(1 << 20) - 1] = 2
    #expect(original.span[(1 << 20) - 1] == 1 && copy.span[(1 << 20) - 1] == 2)
    #expect(copy.span[0] == 1)
  }
}
