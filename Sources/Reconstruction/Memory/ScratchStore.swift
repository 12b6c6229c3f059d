package import Fields
package import StackIO

/// A field on disk, for runs that memory cannot hold.
package final class ScratchStore: SlabStore {
  package let shape: SlabShape
  private let file: ScratchFile

  package init(_ shape: SlabShape, beside path: String) throws(StackError) {
    self.shape = shape
    file = try ScratchFile(beside: path, floatCount: shape.count)
  }

  package func withSlabs<Result>(
    _ slabs: Range<Int>, _ body: (inout FloatStorage) throws -> Result
  ) throws -> Result {
    var field = try read(slabs)
    let result = try body(&field)
    try file.write(field.span, from: slabs.lowerBound * shape.slabLength)
    return result
  }

  package func readSlabs<Result>(
    _ slabs: Range<Int>, _ body: (FloatStorage) throws -> Result
  ) throws -> Result {
    try body(try read(slabs))
  }

  private func read(_ slabs: Range<Int>) throws(StackError) -> FloatStorage {
    try file.read(
      slabs.count * shape.slabLength, from: slabs.lowerBound * shape.slabLength)
  }

  package func putPage(_ page: Int, _ values: FloatStorage) throws {
    for slab in 0..<shape.slabCount {
      let part = values.span.extracting(slab * shape.pageLength..<(slab + 1) * shape.pageLength)
      try file.write(part, from: slab * shape.slabLength + page * shape.pageLength)
    }
  }

  package func page(_ page: Int) throws -> FloatStorage {
    var values = try FloatStorage(allocating: pageShape.count)
    for slab in 0..<shape.slabCount {
      let part = try file.read(
        shape.pageLength, from: slab * shape.slabLength + page * shape.pageLength)
      values.replace(from: slab * shape.pageLength, with: part, 0..<part.count)
    }
    return values
  }
}
