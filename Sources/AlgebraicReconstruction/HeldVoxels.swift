import Fields
import RealModule

/// `x ← clip(x + b d) · support`, with factors of each slice's own.
func move(
  _ x: inout FloatStorage, along d: FloatStorage, times b: [Double],
  constraint: VoxelConstraint, shape: SlabShape, workers: Workers
) {
  precondition(x.count == shape.count && d.count == shape.count, "fields differ in length")
  precondition(b.count == shape.sliceCount, "one factor a slice")
  let mask = constraint.support?.mask
  precondition(mask.map { $0.count == x.count } ?? true, "the support does not fit the volume")
  workers.forEachSlab(of: x.mutableSpan, length: shape.pageLength) { page, values in
    var values = values
    let range = page * shape.pageLength..<(page + 1) * shape.pageLength
    let (d, slab) = (d.span.extracting(range), page / shape.pageCount)
    switch shape.laneCount {
    case 32: HeldMove<32>(b, slab, constraint).move(&values, d)
    case 8: HeldMove<8>(b, slab, constraint).move(&values, d)
    default: HeldMove<1>(b, slab, constraint).move(&values, d)
    }
    guard let mask else { return }
    let inside = mask.span.extracting(range)
    for i in values.indices { unsafe values[unchecked: i] *= inside[unchecked: i] }
  }
}

/// The factors and bounds of one slab.
private struct HeldMove<let laneCount: Int> {
  private let factors: InlineArray<laneCount, Float>
  private let lower: Float
  private let upper: Float

  init(_ factors: [Double], _ slab: Int, _ constraint: VoxelConstraint) {
    self.factors = InlineArray { lane in
      let slice = slab * laneCount + lane
      return slice < factors.count ? Float(factors[slice]) : 0
    }
    (lower, upper) = (constraint.lower, constraint.upper)
  }

  /// One page.
  func move(_ x: inout MutableSpan<Float>, _ d: Span<Float>) {
    precondition(x.count == d.count && x.count.isMultiple(of: laneCount))
    let (lower, upper) = (lower, upper)
    for run in stride(from: 0, to: x.count, by: laneCount) {
      for l in 0..<laneCount {
        let v = unsafe Relaxed.multiplyAdd(
          factors[unchecked: l], d[unchecked: run &+ l], x[unchecked: run &+ l])
        unsafe x[unchecked: run &+ l] = v < lower ? lower : v > upper ? upper : v
      }
    }
  }
}
