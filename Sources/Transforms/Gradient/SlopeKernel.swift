import Fields
import RealModule

/// The passes of ``SymmetrisedGradient`` that compare the gradient of a volume with a vector field, for one band of pages.
struct SlopeKernel<let laneCount: Int> {
  private typealias Lanes = InlineArray<laneCount, Float>
  private let shape: SlabShape
  private let band: SlabGradient.Band
  private let axes: Int
  private let mask: Lanes

  init(_ gradient: SlabGradient, _ band: SlabGradient.Band) {
    (shape, self.band, axes) = (gradient.shape, band, gradient.componentCount)
    mask = laneMask(gradient.shape, slab: band.slab)
  }

  /// `M (∇v − w)`, by components x, z and y: zero where an axis ends.
  @inline(__always)
  private func rest(
    _ v: Span<Float>, _ w: Span<Float>, _ place: SymmetrisedGradient.Place, z: Int, x: Int
  ) -> InlineArray<3, Lanes> {
    let near = RunNeighbours<laneCount>(shape, slab: band.slab, z: z, x: x)
    let (i, j, k) = (
      place.width &* near.run &+ place.first &* laneCount,
      place.width &* near.run &+ (place.first &+ 1) &* laneCount,
      place.width &* near.run &+ (place.first &+ 2) &* laneCount
    )
    let hasX: Float = x + 1 < shape.positionCount ? 1 : 0
    let hasZ: Float = z + 1 < shape.pageCount ? 1 : 0
    var found = InlineArray<3, Lanes>(repeating: Lanes(repeating: 0))
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      unsafe found[unchecked: 0][unchecked: l] =
        hasX * (v[unchecked: near.nextX &+ l] - here - w[unchecked: i &+ l])
      unsafe found[unchecked: 1][unchecked: l] =
        hasZ * (v[unchecked: near.nextZ &+ l] - here - w[unchecked: j &+ l])
    }
    guard axes == 3 else { return found }
    let next = near.nextLanes(v)
    for l in 0..<laneCount {
      let here = unsafe v[unchecked: near.run &+ l]
      unsafe found[unchecked: 2][unchecked: l] =
        mask[unchecked: l] * (next[unchecked: l] - here - w[unchecked: k &+ l])
    }
    return found
  }

  /// `p ← p + ρ (P(p + σ M (∇v − w̄)) − p)`
  func form(
    _ p: inout MutableSpan<Float>, from v: Span<Float>, _ w: Span<Float>,
    _ place: SymmetrisedGradient.Place, _ step: SymmetrisedGradient.Step
  ) {
    var target = 0
    for z in band.pages {
      for x in 0..<shape.positionCount {
        var moved = rest(v, w, place, z: z, x: x)
        var scale = Lanes(repeating: 0)
        for a in 0..<axes {
          for l in 0..<laneCount {
            let value =
              unsafe p[unchecked: target &+ a &* laneCount &+ l]
              + step.length * moved[unchecked: a][unchecked: l]
            unsafe moved[unchecked: a][unchecked: l] = value
            unsafe scale[unchecked: l] += value * value
          }
        }
        for l in 0..<laneCount {
          let length = unsafe scale[unchecked: l].squareRoot()
          unsafe scale[unchecked: l] = step.radius / (length > step.radius ? length : step.radius)
        }
        for a in 0..<axes {
          for l in 0..<laneCount {
            let i = target &+ a &* laneCount &+ l
            let old = unsafe p[unchecked: i]
            let new = unsafe scale[unchecked: l] * moved[unchecked: a][unchecked: l]
            unsafe p[unchecked: i] = old + step.relaxation * (new - old)
          }
        }
        target += axes * laneCount
      }
    }
  }

  /// `Σ |M (∇v − w)|` over the band.
  func sum(_ v: Span<Float>, _ w: Span<Float>, _ place: SymmetrisedGradient.Place) -> Double {
    var total = 0.0
    for z in band.pages {
      var sums = Lanes(repeating: 0)
      for x in 0..<shape.positionCount {
        let found = rest(v, w, place, z: z, x: x)
        for l in 0..<laneCount {
          let (a, b, c) = unsafe (
            found[unchecked: 0][unchecked: l], found[unchecked: 1][unchecked: l],
            found[unchecked: 2][unchecked: l]
          )
          unsafe sums[unchecked: l] += (a * a + b * b + c * c).squareRoot()
        }
      }
      total += sums.indices.reduce(0.0) { $0 + Double(sums[$1]) }
    }
    return total
  }
}
