import Fields

/// Differences of one page of a slab, with the halo of one lane that its neighbours hold.
struct VariationKernel<let laneCount: Int>: Sendable {
  private let shape: SlabShape
  /// 1 where the next slice, the one before or the slice itself exists, and `ε²`.
  private let hasNext: InlineArray<laneCount, Float>
  private let hasLast: InlineArray<laneCount, Float>
  private let isTrue: InlineArray<laneCount, Float>
  private let smoothing: InlineArray<laneCount, Float>
  private let slab: Int

  init(_ shape: SlabShape, slab: Int, along axes: VariationAxes, smoothing: [Double]) {
    (self.shape, self.slab) = (shape, slab)
    let first = slab * laneCount
    hasNext = InlineArray { axes == .volume && first + $0 + 1 < shape.sliceCount ? 1 : 0 }
    hasLast = InlineArray { axes == .volume && first + $0 > 0 ? 1 : 0 }
    isTrue = InlineArray { first + $0 < shape.sliceCount ? 1 : 0 }
    // Flat places divide nought by this.
    self.smoothing = InlineArray { lane in
      let epsilon = first + lane < smoothing.count ? smoothing[first + lane] : 0
      return Float(max(epsilon * epsilon, 1e-30))
    }
  }

  /// `w ← 1 / √(‖∇x‖² + ε²)` for page `page` of all slabs; zero in padding lanes.
  ///
  /// - Returns: `Σ √(‖∇x‖² + ε²)` of each lane.
  func invert(_ x: Span<Float>, page: Int, into w: inout MutableSpan<Float>) -> [Float] {
    precondition(x.count == shape.count && w.count == shape.pageLength)
    let (length, z) = (shape.pageLength, page % shape.pageCount)
    let down = z + 1 < shape.pageCount ? length : 0
    let above = slab + 1 < shape.slabCount ? shape.slabLength : 0
    let (hasNext, isTrue, smoothing) = (hasNext, isTrue, smoothing)
    var sums = InlineArray<laneCount, Float>(repeating: 0)
    var inverse = InlineArray<laneCount, Float>(repeating: 0)
    for position in 0..<shape.positionCount {
      let target = position * laneCount
      let i = page * length + target
      let right = position + 1 < shape.positionCount ? laneCount : 0
      let next = nextLanes(x, i, above)
      for l in 0..<laneCount {
        let v = unsafe x[unchecked: i &+ l]
        let dx = unsafe x[unchecked: i &+ right &+ l] - v
        let dz = unsafe x[unchecked: i &+ down &+ l] - v
        let dy = unsafe (next[unchecked: l] - v) * hasNext[unchecked: l]
        let square = unsafe dx * dx + dz * dz + (dy * dy + smoothing[unchecked: l])
        let reciprocal = unsafe reciprocalRoot(square) * isTrue[unchecked: l]
        unsafe inverse[unchecked: l] = reciprocal
        unsafe sums[unchecked: l] += square * reciprocal
      }
      for l in 0..<laneCount { unsafe w[unchecked: target &+ l] = inverse[unchecked: l] }
    }
    return sums.indices.map { sums[$0] }
  }

  /// `g ← ∂TV/∂x = Σ_axes w⁻ (x − x⁻) − w (x⁺ − x)`
  ///
  /// - Returns: `‖g‖²` of each lane.
  func gradient(
    _ x: Span<Float>, _ w: Span<Float>, page: Int, into g: inout MutableSpan<Float>
  ) -> [Float] {
    precondition(x.count == shape.count && w.count == x.count && g.count == shape.pageLength)
    let (length, z) = (shape.pageLength, page % shape.pageCount)
    let (down, up) = (z + 1 < shape.pageCount ? length : 0, z > 0 ? length : 0)
    let above = slab + 1 < shape.slabCount ? shape.slabLength : 0
    let below = slab > 0 ? shape.slabLength : 0
    let (hasNext, hasLast, isTrue) = (hasNext, hasLast, isTrue)
    var squares = InlineArray<laneCount, Float>(repeating: 0)
    var slopes = InlineArray<laneCount, Float>(repeating: 0)
    for position in 0..<shape.positionCount {
      let target = position * laneCount
      let i = page * length + target
      let right = position + 1 < shape.positionCount ? laneCount : 0
      let left = position > 0 ? laneCount : 0
      let next = nextLanes(x, i, above)
      let (last, lastWeight) = (previousLanes(x, i, below), previousLanes(w, i, below))
      for l in 0..<laneCount {
        let v = unsafe x[unchecked: i &+ l]
        let ahead = unsafe x[unchecked: i &+ right &+ l] + x[unchecked: i &+ down &+ l] - 2 * v
        let along = unsafe (next[unchecked: l] - v) * hasNext[unchecked: l]
        let fromLeft = unsafe w[unchecked: i &- left &+ l] * (v - x[unchecked: i &- left &+ l])
        let fromUp = unsafe w[unchecked: i &- up &+ l] * (v - x[unchecked: i &- up &+ l])
        let fromLast =
          unsafe lastWeight[unchecked: l] * (v - last[unchecked: l]) * hasLast[unchecked: l]
        let value = unsafe (fromLeft + fromUp + fromLast) - w[unchecked: i &+ l] * (ahead + along)
        let kept = unsafe value * isTrue[unchecked: l]
        unsafe slopes[unchecked: l] = kept
        unsafe squares[unchecked: l] += kept * kept
      }
      for l in 0..<laneCount { unsafe g[unchecked: target &+ l] = slopes[unchecked: l] }
    }
    return squares.indices.map { squares[$0] }
  }

  /// The slices after those of the run at `i`; the last lane's is in the slab above.
  @inline(__always)
  private func nextLanes(_ x: Span<Float>, _ i: Int, _ above: Int) -> InlineArray<laneCount, Float>
  {
    var lanes = InlineArray<laneCount, Float>(repeating: 0)
    for l in 0..<(laneCount &- 1) {
      unsafe lanes[unchecked: l] = x[unchecked: i &+ l &+ 1]
    }
    lanes[laneCount - 1] = x[i + above]
    return lanes
  }

  /// The slices before those of the run at `i`; the first lane's is in the slab below.
  @inline(__always)
  private func previousLanes(
    _ x: Span<Float>, _ i: Int, _ below: Int
  ) -> InlineArray<laneCount, Float> {
    var lanes = InlineArray<laneCount, Float>(repeating: 0)
    for l in 1..<max(1, laneCount) {
      unsafe lanes[unchecked: l] = x[unchecked: i &+ l &- 1]
    }
    lanes[0] = below > 0 ? x[i - below + laneCount - 1] : x[i]
    return lanes
  }
}

/// `1 / √s` for normal s > 0, to the rounding of `Float`: a guess from the exponent and three steps of
/// Newton. Unlike `squareRoot()`, which may call the C library, it keeps loops over lanes vectors.
@inline(__always)
private func reciprocalRoot(_ s: Float) -> Float {
  let half = 0.5 * s
  var y = Float(bitPattern: 0x5F37_5A86 &- s.bitPattern >> 1)
  y *= 1.5 - half * y * y
  y *= 1.5 - half * y * y
  y *= 1.5 - half * y * y
  return y
}
