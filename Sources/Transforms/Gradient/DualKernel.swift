import Fields
import RealModule

/// The passes of ``SlabGradient`` that go from a volume to its gradient, for one band of pages.
struct DualKernel<let laneCount: Int> {
  private typealias Lanes = InlineArray<laneCount, Float>
  private let shape: SlabShape
  private let band: SlabGradient.Band
  private let components: Int
  private let mask: Lanes

  init(_ gradient: SlabGradient, _ band: SlabGradient.Band) {
    (shape, self.band, components) = (gradient.shape, band, gradient.componentCount)
    mask = laneMask(gradient.shape, slab: band.slab)
  }

  /// Forms the gradients of the band, `[z][x][component][lane]`.
  func form(
    _ dual: inout MutableSpan<Float>, from volume: Span<Float>, pass: SlabGradient.DualPass
  ) {
    precondition(volume.count == shape.count)
    precondition(dual.count == components * band.pages.count * shape.pageLength)
    var target = 0
    for z in band.pages {
      for x in 0..<shape.positionCount {
        let near = RunNeighbours<laneCount>(shape, slab: band.slab, z: z, x: x)
        let next = components == 3 ? near.nextLanes(volume) : Lanes(repeating: 0)
        switch pass {
        case .plain: write(near, next, volume, to: &dual, at: target)
        case .ball(let radius, let step, let relaxation):
          let scale = BallScale(radius: radius, step: step, relaxation: relaxation)
          if components == 3 {
            advance(near, next, volume, scale, &dual, at: target)
          } else {
            advanceInSlice(near, volume, scale, &dual, at: target)
          }
        case .scaled(let factor, let step, let relaxation):
          shrink(near, next, volume, factor, step, relaxation, &dual, at: target)
        }
        target += components * laneCount
      }
    }
  }

  private struct BallScale {
    let radius: Float
    let step: Float
    let relaxation: Float
  }

  /// `p ← ∇v`
  @inline(__always)
  private func write(
    _ near: RunNeighbours<laneCount>, _ next: Lanes, _ v: Span<Float>,
    to p: inout MutableSpan<Float>, at i: Int
  ) {
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      unsafe p[unchecked: i &+ l] = v[unchecked: near.nextX &+ l] - here
      unsafe p[unchecked: i &+ laneCount &+ l] = v[unchecked: near.nextZ &+ l] - here
    }
    guard components == 3 else { return }
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      unsafe p[unchecked: i &+ 2 &* laneCount &+ l] =
        mask[unchecked: l] * (next[unchecked: l] - here)
    }
  }

  /// `p ← p + ρ (P(p + σ ∇v) − p)`, three components.
  @inline(__always)
  private func advance(
    _ near: RunNeighbours<laneCount>, _ next: Lanes, _ v: Span<Float>, _ scale: BallScale,
    _ p: inout MutableSpan<Float>, at i: Int
  ) {
    let (radius, σ, ρ) = (scale.radius, scale.step, scale.relaxation)
    let (j, k) = (i &+ laneCount, i &+ 2 &* laneCount)
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      let (px, pz) = unsafe (p[unchecked: i &+ l], p[unchecked: j &+ l])
      let py = unsafe p[unchecked: k &+ l]
      let ax = unsafe px + σ * (v[unchecked: near.nextX &+ l] - here)
      let az = unsafe pz + σ * (v[unchecked: near.nextZ &+ l] - here)
      let ay = unsafe py + σ * (mask[unchecked: l] * (next[unchecked: l] - here))
      let length = (ax * ax + az * az + ay * ay).squareRoot()
      let factor = radius / (length > radius ? length : radius)
      unsafe p[unchecked: i &+ l] = px + ρ * (factor * ax - px)
      unsafe p[unchecked: j &+ l] = pz + ρ * (factor * az - pz)
      unsafe p[unchecked: k &+ l] = py + ρ * (factor * ay - py)
    }
  }

  /// The same with two components.
  @inline(__always)
  private func advanceInSlice(
    _ near: RunNeighbours<laneCount>, _ v: Span<Float>, _ scale: BallScale,
    _ p: inout MutableSpan<Float>, at i: Int
  ) {
    let (radius, σ, ρ) = (scale.radius, scale.step, scale.relaxation)
    let j = i &+ laneCount
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      let (px, pz) = unsafe (p[unchecked: i &+ l], p[unchecked: j &+ l])
      let ax = unsafe px + σ * (v[unchecked: near.nextX &+ l] - here)
      let az = unsafe pz + σ * (v[unchecked: near.nextZ &+ l] - here)
      let length = (ax * ax + az * az).squareRoot()
      let factor = radius / (length > radius ? length : radius)
      unsafe p[unchecked: i &+ l] = px + ρ * (factor * ax - px)
      unsafe p[unchecked: j &+ l] = pz + ρ * (factor * az - pz)
    }
  }

  /// `p ← p + ρ (f · (p + σ ∇v) − p)`
  @inline(__always)
  private func shrink(
    _ near: RunNeighbours<laneCount>, _ next: Lanes, _ v: Span<Float>, _ factor: Float,
    _ σ: Float, _ ρ: Float, _ p: inout MutableSpan<Float>, at i: Int
  ) {
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      let (px, pz) = unsafe (p[unchecked: i &+ l], p[unchecked: i &+ laneCount &+ l])
      let ax = unsafe px + σ * (v[unchecked: near.nextX &+ l] - here)
      let az = unsafe pz + σ * (v[unchecked: near.nextZ &+ l] - here)
      unsafe p[unchecked: i &+ l] = px + ρ * (factor * ax - px)
      unsafe p[unchecked: i &+ laneCount &+ l] = pz + ρ * (factor * az - pz)
    }
    guard components == 3 else { return }
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      let py = unsafe p[unchecked: i &+ 2 &* laneCount &+ l]
      let ay = unsafe py + σ * (mask[unchecked: l] * (next[unchecked: l] - here))
      unsafe p[unchecked: i &+ 2 &* laneCount &+ l] = py + ρ * (factor * ay - py)
    }
  }

  /// `Σ |∇v|` or `Σ |∇v|²` over the band: in `Float` along a row of runs, in `Double` from row to
  /// row.
  func sum(_ volume: Span<Float>, squared: Bool) -> Double {
    precondition(volume.count == shape.count)
    let weight: Float = components == 3 ? 1 : 0
    var total = 0.0
    for z in band.pages {
      var sums = Lanes(repeating: 0)
      for x in 0..<shape.positionCount {
        let near = RunNeighbours<laneCount>(shape, slab: band.slab, z: z, x: x)
        let next = components == 3 ? near.nextLanes(volume) : Lanes(repeating: 0)
        for l in 0..<laneCount {
          let here = unsafe volume[unchecked: near.run &+ l]
          let dx = unsafe volume[unchecked: near.nextX &+ l] - here
          let dz = unsafe volume[unchecked: near.nextZ &+ l] - here
          let dy = unsafe weight * mask[unchecked: l] * (next[unchecked: l] - here)
          let square = dx * dx + dz * dz + dy * dy
          unsafe sums[unchecked: l] += squared ? square : square.squareRoot()
        }
      }
      total += sums.indices.reduce(0.0) { $0 + Double(sums[$1]) }
    }
    return total
  }
}
