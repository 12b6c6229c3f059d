package import Fields

/// A field whose slabs can be taken out, changed and put back.
package protocol SlabStore: AnyObject {
  var shape: SlabShape { get }

  /// Lends a group of slabs to `body` and keeps what it makes of them.
  func withSlabs<Result>(
    _ slabs: Range<Int>, _ body: (inout FloatStorage) throws -> Result
  ) throws -> Result

  /// Lends a group of slabs to `body`, for reading only.
  func readSlabs<Result>(
    _ slabs: Range<Int>, _ body: (FloatStorage) throws -> Result
  ) throws -> Result

  /// Overwrites one page of all slabs with `[slab][position][lane]`.
  func putPage(_ page: Int, _ values: FloatStorage) throws
  /// One page of all slabs, `[slab][position][lane]`.
  func page(_ page: Int) throws -> FloatStorage
}

extension SlabStore {
  /// The shape of one page of all slabs.
  package var pageShape: SlabShape {
    SlabShape(
      sliceCount: shape.sliceCount, pageCount: 1, positionCount: shape.positionCount,
      laneCount: shape.laneCount)
  }
}

/// A field in memory. The whole of it is lent in place, a part as a copy.
package final class MemoryStore: SlabStore {
  package let shape: SlabShape
  package private(set) var field: FloatStorage

  package init(_ field: FloatStorage, _ shape: SlabShape) {
    precondition(field.count == shape.count, "the field does not fit its shape")
    (self.field, self.shape) = (field, shape)
  }

  /// Zeros.
  ///
  /// - Throws: `MemoryError`
  package convenience init(allocating shape: SlabShape) throws(MemoryError) {
    self.init(try FloatStorage(allocating: shape.count), shape)
  }

  package func withSlabs<Result>(
    _ slabs: Range<Int>, _ body: (inout FloatStorage) throws -> Result
  ) throws -> Result {
    guard slabs.count < shape.slabCount else { return try body(&field) }
    var part = field.part(floats(of: slabs))
    let result = try body(&part)
    field.replace(from: slabs.lowerBound * shape.slabLength, with: part, 0..<part.count)
    return result
  }

  package func readSlabs<Result>(
    _ slabs: Range<Int>, _ body: (FloatStorage) throws -> Result
  ) throws -> Result {
    try body(slabs.count < shape.slabCount ? field.part(floats(of: slabs)) : field)
  }

  package func putPage(_ page: Int, _ values: FloatStorage) {
    for slab in 0..<shape.slabCount {
      field.replace(
        from: slab * shape.slabLength + page * shape.pageLength,
        with: values, floats(ofPagePart: slab))
    }
  }

  package func page(_ page: Int) throws(MemoryError) -> FloatStorage {
    var values = try FloatStorage(allocating: pageShape.count)
    for slab in 0..<shape.slabCount {
      let start = slab * shape.slabLength + page * shape.pageLength
      values.replace(
        from: slab * shape.pageLength, with: field, start..<start + shape.pageLength)
    }
    return values
  }

  private func floats(ofPagePart slab: Int) -> Range<Int> {
    slab * shape.pageLength..<(slab + 1) * shape.pageLength
  }

  private func floats(of slabs: Range<Int>) -> Range<Int> {
    slabs.lowerBound * shape.slabLength..<slabs.upperBound * shape.slabLength
  }
}
