import Fields
import Reconstruction
import TestSupport
import Testing

@Suite("MemoryStore")
struct MemoryStoreTests {
  /// Three slabs of 32 lanes.
  let shape = SlabShape(sliceCount: 70, pageCount: 2, positionCount: 3)

  @Test("a lent part comes back to its place, and no other slab changes")
  func part() throws {
    let field = noise(count: shape.count, seed: 1)
    let store = MemoryStore(field, shape)
    let first = try store.withSlabs(1..<2) { part in
      #expect(part.count == shape.slabLength)
      var values = part.mutableSpan
      let first = values[0]
      for i in values.indices { values[i] = Float(i) }
      return first
    }
    #expect(first == field.span[shape.slabLength])
    for i in 0..<shape.count {
      let (slab, offset) = i.quotientAndRemainder(dividingBy: shape.slabLength)
      #expect(store.field.span[i] == (slab == 1 ? Float(offset) : field.span[i]))
    }
  }

  @Test("the whole is lent as it is")
  func whole() throws {
    let store = MemoryStore(FloatStorage(zeros: shape.count), shape)
    try store.withSlabs(0..<3) { field in
      #expect(field.count == shape.count)
      var values = field.mutableSpan
      values[7] = 1
    }
    #expect(store.field.span[7] == 1)
    try store.readSlabs(0..<3) { #expect($0.count == shape.count && $0.span[7] == 1) }
  }

  @Test("what is read is the part that was asked for")
  func read() throws {
    let field = noise(count: shape.count, seed: 2)
    try MemoryStore(field, shape).readSlabs(1..<3) { part in
      let areEqual = (0..<2 * shape.slabLength).allSatisfy {
        part.span[$0] == field.span[shape.slabLength + $0]
      }
      #expect(part.count == 2 * shape.slabLength && areEqual)
    }
  }

  @Test("a part whose use fails is not put back")
  func failure() {
    let store = MemoryStore(FloatStorage(zeros: shape.count), shape)
    #expect(throws: ReconstructionError.interrupted) {
      try store.withSlabs(0..<1) { part in
        var values = part.mutableSpan
        values[0] = 1
        throw ReconstructionError.interrupted
      }
    }
    #expect(store.field.span[0] == 0)
  }
}
