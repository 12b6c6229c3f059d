import Fields
import RealModule

/// `x ← a x + b d`, with factors of each slice's own.
///
/// - Returns: `‖x‖²` of each true slice.
@discardableResult
func combine(
  _ x: inout FloatStorage, times a: [Double], plus d: FloatStorage, times b: [Double],
  shape: SlabShape, workers: Workers
) -> [Double] {
  precondition(x.count == shape.count && d.count == shape.count, "fields differ in length")
  precondition(a.count == shape.sliceCount && b.count == shape.sliceCount, "one factor a slice")
  let squares = SliceSums(shape, partsPerSlab: shape.pageCount)
  workers.forEachSlab(of: x.mutableSpan, length: shape.pageLength) { page, values in
    var values = values
    let d = d.span.extracting(page * shape.pageLength..<(page + 1) * shape.pageLength)
    let slab = page / shape.pageCount
    switch shape.laneCount {
    case 32: squares.set(page, LaneSums<32>(a, b, slab).combine(&values, d))
    case 8: squares.set(page, LaneSums<8>(a, b, slab).combine(&values, d))
    default: squares.set(page, LaneSums<1>(a, b, slab).combine(&values, d))
    }
  }
  return squares.perSlice()
}

/// `‖x‖²` of each true slice.
func squares(_ x: FloatStorage, shape: SlabShape, workers: Workers) -> [Double] {
  precondition(x.count == shape.count, "the field does not fit its shape")
  let squares = SliceSums(shape, partsPerSlab: shape.pageCount)
  workers.forEach(shape.slabCount * shape.pageCount) { page in
    let values = x.span.extracting(page * shape.pageLength..<(page + 1) * shape.pageLength)
    switch shape.laneCount {
    case 32: squares.set(page, LaneSums<32>.squares(values))
    case 8: squares.set(page, LaneSums<8>.squares(values))
    default: squares.set(page, LaneSums<1>.squares(values))
    }
  }
  return squares.perSlice()
}

/// The factors of one slab; zero in padding lanes.
private struct LaneSums<let laneCount: Int> {
  let a: InlineArray<laneCount, Float>
  let b: InlineArray<laneCount, Float>

  init(_ a: [Double], _ b: [Double], _ slab: Int) {
    func lanes(_ factors: [Double]) -> InlineArray<laneCount, Float> {
      InlineArray { lane in
        let slice = slab * laneCount + lane
        return slice < factors.count ? Float(factors[slice]) : 0
      }
    }
    (self.a, self.b) = (lanes(a), lanes(b))
  }

  /// One page: `x ← a x + b d`.
  func combine(_ x: inout MutableSpan<Float>, _ d: Span<Float>) -> [Float] {
    precondition(x.count == d.count && x.count.isMultiple(of: laneCount))
    var squares = InlineArray<laneCount, Float>(repeating: 0)
    for run in stride(from: 0, to: x.count, by: laneCount) {
      for l in 0..<laneCount {
        let scaled = unsafe b[unchecked: l] * d[unchecked: run &+ l]
        let value = unsafe Relaxed.multiplyAdd(a[unchecked: l], x[unchecked: run &+ l], scaled)
        unsafe x[unchecked: run &+ l] = value
        unsafe squares[unchecked: l] += value * value
      }
    }
    return squares.indices.map { squares[$0] }
  }

  /// One page.
  static func squares(_ x: Span<Float>) -> [Float] {
    precondition(x.count.isMultiple(of: laneCount))
    var squares = InlineArray<laneCount, Float>(repeating: 0)
    for run in stride(from: 0, to: x.count, by: laneCount) {
      for l in 0..<laneCount {
        let value = unsafe x[unchecked: run &+ l]
        unsafe squares[unchecked: l] += value * value
      }
    }
    return squares.indices.map { squares[$0] }
  }
}
