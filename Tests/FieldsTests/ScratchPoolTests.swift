import Fields
import Testing

@Suite("ScratchPool")
struct ScratchPoolTests {
  @Test("workers that borrow and give back in turn each have a buffer to themselves")
  func manyWorkers() {
    let pool = ScratchPool(length: 40_000)
    Workers(4).forEach(4000) { item in
      let isOwn = pool.withScratch { scratch in
        var values = scratch.mutableSpan
        for i in stride(from: 0, to: values.count, by: 997) { values[i] = Float(item) }
        return stride(from: 0, to: values.count, by: 997).allSatisfy { values[$0] == Float(item) }
      }
      #expect(isOwn)
    }
  }
}
