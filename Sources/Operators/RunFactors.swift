public import Fields

/// One factor per run (the lanes of one page and position), the same in every slab: a diagonal matrix that all slices share.
///
/// Float `i` of a field is multiplied by `values[(i / laneCount) % values.count]`.
public struct RunFactors: Sendable {
  @usableFromInline package let values: FloatStorage
  /// Neighbouring floats that share a factor.
  @usableFromInline package let laneCount: Int

  /// - Parameters:
  ///   - values: `[page][position]`, at least one; with a lane count of 1, one per float of the field.
  ///   - laneCount: neighbouring floats that share a factor.
  public init(_ values: FloatStorage, laneCount: Int) {
    precondition(values.count > 0 && laneCount > 0, "there is at least one factor")
    (self.values, self.laneCount) = (values, laneCount)
  }

  /// The same factor everywhere.
  public init(uniform value: Float) {
    self.init(FloatStorage(repeating: value, count: 1), laneCount: .max)
  }

  /// One factor per page (a tilt of a series, or a z of a volume) of fields of this shape.
  public init(perPage factors: [Float], _ shape: SlabShape) {
    precondition(factors.count == shape.pageCount, "one factor a page")
    self.init(
      FloatStorage(factors.flatMap { Array(repeating: $0, count: shape.positionCount) }),
      laneCount: shape.laneCount)
  }

  /// The factor of float `index` of a field.
  @inlinable @inline(__always)
  public subscript(index: Int) -> Float { values.span[(index / laneCount) % values.count] }

  /// Calls `body` for the pieces of `range` that share a factor, in order.
  @inlinable @inline(__always)
  package func forEachPiece(
    of range: Range<Int>, _ body: (_ piece: Range<Int>, _ factor: Float) -> Void
  ) {
    var start = range.lowerBound
    var run = start / laneCount
    var index = run % values.count
    while start < range.upperBound {
      let length = (run + 1).multipliedReportingOverflow(by: laneCount)
      let end = length.overflow ? range.upperBound : min(range.upperBound, length.partialValue)
      body(start..<end, values.span[index])
      start = end
      run += 1
      index = index + 1 == values.count ? 0 : index + 1
    }
  }

  /// Multiplies every float of `field` by its factor.
  package func multiply(_ field: inout FloatStorage) {
    var floats = field.mutableSpan
    forEachPiece(of: 0..<floats.count) { piece, factor in
      for i in piece { unsafe floats[unchecked: i] *= factor }
    }
  }

  /// `body` of each factor.
  package func map(_ body: (Float) -> Float) -> RunFactors {
    var mapped = values
    var span = mapped.mutableSpan
    for i in span.indices { span[i] = body(span[i]) }
    return RunFactors(mapped, laneCount: laneCount)
  }

  /// The largest factor.
  package var largest: Float {
    let span = values.span
    return span.indices.reduce(span[0]) { max($0, span[$1]) }
  }

  /// The mean of the factors.
  package var mean: Double {
    let span = values.span
    return span.indices.reduce(0) { $0 + Double(span[$1]) } / Double(span.count)
  }
}
