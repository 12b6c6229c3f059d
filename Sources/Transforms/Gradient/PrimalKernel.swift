import Fields
import Operators

/// The passes of ``SlabGradient`` that go from a dual field back to a volume, for one band of pages.
struct PrimalKernel<let laneCount: Int> {
  private typealias Lanes = InlineArray<laneCount, Float>
  private let shape: SlabShape
  private let band: SlabGradient.Band
  private let components: Int
  private let mask: Lanes
  /// 1 in true slices, 0 in padding.
  private let truth: Lanes

  init(_ gradient: SlabGradient, _ band: SlabGradient.Band) {
    (shape, self.band, components) = (gradient.shape, band, gradient.componentCount)
    mask = laneMask(gradient.shape, slab: band.slab)
    let (first, end) = (band.slab * gradient.shape.laneCount, gradient.shape.sliceCount)
    truth = InlineArray { first + $0 < end ? 1 : 0 }
  }

  func form(
    _ volume: inout MutableSpan<Float>, from dual: Span<Float>, base: Span<Float>,
    pass: SlabGradient.PrimalPass
  ) {
    precondition(dual.count == components * shape.count)
    precondition(volume.count == band.pages.count * shape.pageLength)
    var target = 0
    for z in band.pages {
      for x in 0..<shape.positionCount {
        let run = ((band.slab * shape.pageCount + z) * shape.positionCount + x) * laneCount
        let sum = adjoint(dual, z: z, x: x, run: run)
        switch pass {
        case .plain:
          for l in 0..<laneCount { unsafe volume[unchecked: target &+ l] = sum[unchecked: l] }
        case .step(let steps, let offset):
          let step = steps[run]
          for l in 0..<laneCount {
            let direction = unsafe truth[unchecked: l] * (sum[unchecked: l] + offset)
            unsafe volume[unchecked: target &+ l] =
              base[unchecked: run &+ l] - step * direction
          }
        }
        target += laneCount
      }
    }
  }

  /// `(∇ᵀp)ᵢ = Σ_d p_d(i − e_d) − p_d(i)`, without what points beyond an edge.
  @inline(__always)
  private func adjoint(_ p: Span<Float>, z: Int, x: Int, run: Int) -> Lanes {
    let here = components &* run
    let before = (x: x > 0 ? 1 : 0 as Float, z: z > 0 ? 1 : 0 as Float)
    let (hasNextX, hasNextZ) = (x + 1 < shape.positionCount, z + 1 < shape.pageCount)
    let after = (x: hasNextX ? 1 : 0 as Float, z: hasNextZ ? 1 : 0 as Float)
    let previousX = x > 0 ? here &- components &* laneCount : here
    let previousZ = (z > 0 ? here &- components &* shape.pageLength : here) &+ laneCount
    var sum = Lanes(repeating: 0)
    for l in 0..<laneCount {
      let alongX =
        unsafe before.x * p[unchecked: previousX &+ l] - after.x * p[unchecked: here &+ l]
      let alongZ =
        unsafe before.z * p[unchecked: previousZ &+ l]
        - after.z * p[unchecked: here &+ laneCount &+ l]
      unsafe sum[unchecked: l] = alongX + alongZ
    }
    guard components == 3 else { return sum }
    let lanes = here &+ 2 &* laneCount
    var previous = Lanes(repeating: 0)
    if band.slab > 0 {
      // The lane before the first one is the last of the slab before.
      unsafe previous[unchecked: 0] =
        p[unchecked: lanes &- components &* shape.slabLength &+ laneCount &- 1]
    }
    for l in 0..<laneCount - 1 {
      unsafe previous[unchecked: l &+ 1] = mask[unchecked: l] * p[unchecked: lanes &+ l]
    }
    for l in 0..<laneCount {
      unsafe sum[unchecked: l] +=
        previous[unchecked: l] - mask[unchecked: l] * p[unchecked: lanes &+ l]
    }
    return sum
  }
}
