import Fields
import Foundation
import Reconstruction
import TestSupport
import Testing

@Suite struct ScratchStoreTests {
  @Test("A field on disk does what a field in memory does", arguments: [1, 7, 33, 70])
  func sameAsMemory(sliceCount: Int) throws {
    let bench = try Bench()
    let shape = SlabShape(sliceCount: sliceCount, pageCount: 5, positionCount: 6)
    let memory = MemoryStore(FloatStorage(zeros: shape.count), shape)
    let scratch = try ScratchStore(shape, beside: bench.path("v.tif"))
    for (page, seed) in [(3, UInt64(1)), (0, 2), (4, 3)] {
      let values = noise(count: memory.pageShape.count, seed: seed)
      memory.putPage(page, values)
      try scratch.putPage(page, values)
    }
    let groups = [0..<1, shape.slabCount - 1..<shape.slabCount, 0..<shape.slabCount]
    for (step, group) in groups.enumerated() {
      for store in [memory, scratch] as [any SlabStore] {
        let first = try store.withSlabs(group) { part in
          var values = part.mutableSpan
          for i in values.indices { values[i] = values[i] * 2 + Float(i % 7 + step) }
          return values[0]
        }
        try store.readSlabs(group) { #expect($0.span[0] == first) }
      }
    }
    for page in 0..<5 {
      #expect(try floats(memory.page(page)) == floats(scratch.page(page)))
    }
    try memory.readSlabs(0..<shape.slabCount) { kept in
      try scratch.readSlabs(0..<shape.slabCount) { #expect(floats(kept) == floats($0)) }
    }
  }

  @Test("Its file goes when it is let go")
  func leavesNothing() throws {
    let bench = try Bench()
    let shape = SlabShape(sliceCount: 2, pageCount: 2, positionCount: 2)
    do {
      let store = try ScratchStore(shape, beside: bench.path("v.tif"))
      #expect(try bench.names().count == 1)
      _ = try store.page(0)
    }
    #expect(
      try bench.names().isEmpty)
  }

  private func floats(_ storage: FloatStorage) -> [Float] {
    (0..<storage.count).map { storage.span[$0] }
  }
}
