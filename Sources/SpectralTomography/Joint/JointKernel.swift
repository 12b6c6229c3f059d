import Fields
import Operators

/// The passes of ``JointVariation`` over one page (slab, z).
struct JointKernel<let laneCount: Int> {
  private typealias Lanes = InlineArray<laneCount, Float>
  private let shape: SlabShape
  private let slab: Int
  private let z: Int
  private let channels: Int
  private let coupling: ChannelCoupling
  private let radius: Float
  /// 1 where a lane has a next slice.
  private let mask: Lanes
  /// 1 in true slices.
  private let truth: Lanes

  init(_ variation: JointVariation, page: Int) {
    shape = variation.shape
    (slab, z) = page.quotientAndRemainder(dividingBy: shape.pageCount)
    (channels, coupling, radius) = (
      variation.channelCount, variation.coupling, variation.weight
    )
    let (first, end) = (slab * shape.laneCount, shape.sliceCount)
    mask = InlineArray { first + $0 + 1 < end ? 1 : 0 }
    truth = InlineArray { first + $0 < end ? 1 : 0 }
  }

  private func run(_ x: Int) -> Int {
    ((slab * shape.pageCount + z) * shape.positionCount + x) * laneCount
  }

  /// `G ← σ ∇x` of one run, `[channel][axis][lane]`.
  @inline(__always)
  private func gradient(_ v: Span<Float>, x: Int, σ: Float, into g: inout MutableSpan<Float>) {
    let here = run(x)
    let nextX = x + 1 < shape.positionCount ? laneCount : 0
    let nextZ = z + 1 < shape.pageCount ? shape.pageLength : 0
    let halo = slab + 1 < shape.slabCount ? shape.slabLength : laneCount - 1
    var target = 0
    var start = here
    for _ in 0..<channels {
      precondition(start >= 0 && start + max(nextX, nextZ, halo) + laneCount <= v.count + laneCount)
      for l in 0..<laneCount {
        let value = unsafe v[unchecked: start &+ l]
        let after = unsafe l + 1 < laneCount ? v[unchecked: start &+ l &+ 1] : v[start + halo]
        unsafe g[unchecked: target &+ l] = σ * (v[unchecked: start &+ nextX &+ l] - value)
        unsafe g[unchecked: target &+ laneCount &+ l] =
          σ * (v[unchecked: start &+ nextZ &+ l] - value)
        unsafe g[unchecked: target &+ 2 &* laneCount &+ l] =
          σ * mask[unchecked: l] * (after - value)
      }
      target += 3 * laneCount
      start += shape.count
    }
  }

  /// `Σ ‖G‖` of the page.
  func sum(_ v: Span<Float>, _ g: inout MutableSpan<Float>) -> Double {
    precondition(v.count == channels * shape.count && g.count == 3 * channels * laneCount)
    var total = 0.0
    for x in 0..<shape.positionCount {
      gradient(v, x: x, σ: 1, into: &g)
      for l in 0..<laneCount { total += Double(norm(g.span, lane: l)) }
    }
    return total
  }

  private func norm(_ g: Span<Float>, lane: Int) -> Float {
    switch coupling {
    case .separate:
      return (0..<channels).reduce(Float(0)) { sum, c in
        let i = 3 * c * laneCount + lane
        let (a, b, d) = (g[i], g[i + laneCount], g[i + 2 * laneCount])
        return sum + (a * a + b * b + d * d).squareRoot()
      }
    case .collaborative: return moments(g, lane: lane).trace.squareRoot()
    case .nuclear: return moments(g, lane: lane).nuclearNorm
    }
  }

  /// `G Gᵀ` of one lane.
  @inline(__always)
  private func moments(_ g: Span<Float>, lane: Int) -> Moments {
    var m = Moments()
    var i = lane
    for _ in 0..<channels {
      let (a, b, c) = unsafe (
        g[unchecked: i], g[unchecked: i &+ laneCount], g[unchecked: i &+ 2 &* laneCount]
      )
      m.add(a, b, c)
      i += 3 * laneCount
    }
    return m
  }

  /// `p ← p + ρ (P(p + σ ∇x) − p)`, with `P` onto the ball of the dual norm.
  func advance(
    _ p: inout MutableSpan<Float>, _ v: Span<Float>, _ σ: Float, _ ρ: Float,
    _ g: inout MutableSpan<Float>
  ) {
    let length = 3 * channels * laneCount
    precondition(v.count == channels * shape.count && g.count == length)
    precondition(p.count == length * shape.positionCount)
    for x in 0..<shape.positionCount {
      gradient(v, x: x, σ: σ, into: &g)
      let base = x * length
      for i in 0..<length { unsafe g[unchecked: i] += p[unchecked: base &+ i] }
      switch coupling {
      case .separate, .collaborative: shrinkLengths(&g)
      case .nuclear: for l in 0..<laneCount { shrinkSingularValues(&g, lane: l) }
      }
      for i in 0..<length {
        let old = unsafe p[unchecked: base &+ i]
        unsafe p[unchecked: base &+ i] = old + ρ * (g[unchecked: i] - old)
      }
    }
  }

  /// `G ← G min(1, μ / |G|)`, over all channels together or each by itself.
  @inline(__always)
  private func shrinkLengths(_ g: inout MutableSpan<Float>) {
    let group = coupling == .separate ? 1 : channels
    for first in stride(from: 0, to: channels, by: group) {
      var squares = Lanes(repeating: 0)
      let range = stride(
        from: 3 * first * laneCount, to: 3 * (first + group) * laneCount, by: laneCount)
      for i in range {
        for l in 0..<laneCount {
          let value = unsafe g[unchecked: i &+ l]
          unsafe squares[unchecked: l] += value * value
        }
      }
      for l in 0..<laneCount {
        let length = unsafe squares[unchecked: l].squareRoot()
        unsafe squares[unchecked: l] = length > radius ? radius / length : 1
      }
      for i in range {
        for l in 0..<laneCount {
          unsafe g[unchecked: i &+ l] *= squares[unchecked: l]
        }
      }
    }
  }

  /// Clips the singular values of `G` at `μ`: `G ← U min(Σ, μ) Vᵀ = F G`.
  @inline(__always)
  private func shrinkSingularValues(_ g: inout MutableSpan<Float>, lane: Int) {
    let m = moments(g.span, lane: lane)
    guard m.trace > radius * radius else { return }
    let f = m.clipping(at: radius)
    var i = lane
    for _ in 0..<channels {
      let (a, b, c) = (g[i], g[i + laneCount], g[i + 2 * laneCount])
      g[i] = f.xx * a + f.xz * b + f.xy * c
      g[i + laneCount] = f.xz * a + f.zz * b + f.zy * c
      g[i + 2 * laneCount] = f.xy * a + f.zy * b + f.yy * c
      i += 3 * laneCount
    }
  }

  /// `x ← u − T (∇ᵀp + offset)` for one page of one channel.
  func step(
    _ values: inout MutableSpan<Float>, _ base: Span<Float>, _ p: Span<Float>, _ move: JointStep
  ) {
    let width = 3 * channels
    precondition(p.count == width * shape.count && base.count == channels * shape.count)
    let own = 3 * move.channel * laneCount
    for x in 0..<shape.positionCount {
      let run = run(x)
      let here = width * run + own
      let (hasX, hasZ) = (x + 1 < shape.positionCount, z + 1 < shape.pageCount)
      let beforeX = here - width * laneCount
      let beforeZ = here - width * shape.pageLength + laneCount
      let along = here + 2 * laneCount
      let halo = along - width * shape.slabLength + laneCount - 1
      let step = move.steps[run]
      let source = move.channel * shape.count + run
      for l in 0..<laneCount {
        var sum: Float = 0
        if x > 0 { sum += p[beforeX + l] }
        if hasX { sum -= p[here + l] }
        if z > 0 { sum += p[beforeZ + l] }
        if hasZ { sum -= p[here + laneCount + l] }
        if l > 0 {
          sum += mask[l - 1] * p[along + l - 1]
        } else if slab > 0 {
          sum += p[halo]
        }
        sum -= mask[l] * p[along + l]
        values[x * laneCount + l] =
          base[source + l] - step * truth[l] * (sum + move.offset)
      }
    }
  }
}
