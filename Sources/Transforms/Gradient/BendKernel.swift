import Fields
import RealModule

/// The passes of ``SymmetrisedGradient`` between vector fields and tensors, for one band of pages.
struct BendKernel<let laneCount: Int> {
  private typealias Lanes = InlineArray<laneCount, Float>
  private let shape: SlabShape
  private let band: SlabGradient.Band
  private let axes: Int
  private let tensors: Int
  /// 1 where a lane has a slice before it, 0 in the first slice and in padding.
  private let back: Lanes
  /// 1 where a lane has a next slice.
  private let mask: Lanes
  private static var half: Float { Float(0.5).squareRoot() }

  init(_ gradient: SlabGradient, _ band: SlabGradient.Band) {
    let shape = gradient.shape
    (self.shape, self.band, axes) = (shape, band, gradient.componentCount)
    tensors = axes * (axes + 1) / 2
    let first = band.slab * shape.laneCount
    back = InlineArray { first + $0 > 0 && first + $0 < shape.sliceCount ? 1 : 0 }
    mask = laneMask(shape, slab: band.slab)
  }

  /// Where `(E w)ₐᵦ` stands among the components.
  @inline(__always)
  private func component(_ a: Int, _ b: Int) -> Int { a == b ? a : axes + a + b - 1 }

  /// One run, where all of its components begin is `width · run`.
  private struct Site {
    let run: Int
    let z: Int
    let x: Int
  }

  private func run(_ z: Int, _ x: Int) -> Site {
    Site(
      run: ((band.slab * shape.pageCount + z) * shape.positionCount + x) * laneCount, z: z, x: x)
  }

  /// How many floats of one component lie between a run and its neighbour along an axis.
  @inline(__always)
  private func stride(_ axis: Int) -> Int { axis == 0 ? laneCount : shape.pageLength }

  /// `f(i) − f(i − eₐ)`, zero at the near edge.
  @inline(__always)
  private func difference(
    _ f: Span<Float>, _ site: Site, width: Int, _ index: Int, _ axis: Int
  ) -> Lanes {
    let here = width &* site.run &+ index &* laneCount
    var found = Lanes(repeating: 0)
    if axis == 2 {
      let halo = band.slab > 0 ? here &- width &* shape.slabLength &+ laneCount &- 1 : here
      unsafe found[unchecked: 0] = back[unchecked: 0] * (f[unchecked: here] - f[unchecked: halo])
      for l in 1..<max(1, laneCount) {
        unsafe found[unchecked: l] =
          back[unchecked: l] * (f[unchecked: here &+ l] - f[unchecked: here &+ l &- 1])
      }
    } else if (axis == 0 ? site.x : site.z) > 0 {
      let before = here &- width &* stride(axis)
      for l in 0..<laneCount {
        unsafe found[unchecked: l] = f[unchecked: here &+ l] - f[unchecked: before &+ l]
      }
    }
    return found
  }

  /// `sum ← sum + w (f(i) − f(i + eₐ))`, the adjoint of the above.
  @inline(__always)
  private func addAdjoint(
    _ sum: inout Lanes, _ weight: Float, _ f: Span<Float>, _ site: Site, _ index: Int, _ axis: Int
  ) {
    let here = tensors &* site.run &+ index &* laneCount
    if axis == 2 {
      let halo =
        band.slab + 1 < shape.slabCount
        ? here &+ tensors &* shape.slabLength : here &+ laneCount &- 1
      for l in 0..<laneCount - 1 {
        let next = unsafe mask[unchecked: l] * f[unchecked: here &+ l &+ 1]
        unsafe sum[unchecked: l] += weight * (back[unchecked: l] * f[unchecked: here &+ l] - next)
      }
      let l = laneCount - 1
      let next = unsafe mask[unchecked: l] * f[unchecked: halo]
      unsafe sum[unchecked: l] += weight * (back[unchecked: l] * f[unchecked: here &+ l] - next)
      return
    }
    let (place, count) = axis == 0 ? (site.x, shape.positionCount) : (site.z, shape.pageCount)
    let own: Float = place > 0 ? weight : 0
    let other: Float = place + 1 < count ? weight : 0
    let after = place + 1 < count ? here &+ tensors &* stride(axis) : here
    for l in 0..<laneCount {
      unsafe sum[unchecked: l] +=
        own * f[unchecked: here &+ l] - other * f[unchecked: after &+ l]
    }
  }

  /// `(E w)ₐᵦ`
  @inline(__always)
  private func bend(
    _ w: Span<Float>, _ place: SymmetrisedGradient.Place, _ site: Site, _ a: Int, _ b: Int
  ) -> Lanes {
    var first = difference(w, site, width: place.width, place.first + a, b)
    guard a != b else { return first }
    let second = difference(w, site, width: place.width, place.first + b, a)
    for l in 0..<laneCount {
      unsafe first[unchecked: l] = Self.half * (first[unchecked: l] + second[unchecked: l])
    }
    return first
  }

  func form(
    _ tensor: inout MutableSpan<Float>, from w: Span<Float>, _ place: SymmetrisedGradient.Place,
    _ pass: SymmetrisedGradient.DualPass
  ) {
    var target = 0
    for z in band.pages {
      for x in 0..<shape.positionCount {
        let site = run(z, x)
        switch pass {
        case .plain:
          for a in 0..<axes {
            for b in a..<axes {
              let values = bend(w, place, site, a, b)
              let i = target + component(a, b) * laneCount
              for l in 0..<laneCount { unsafe tensor[unchecked: i &+ l] = values[unchecked: l] }
            }
          }
        case .ball(let step): advance(&tensor, at: target, w, place, site, step)
        }
        target += tensors * laneCount
      }
    }
  }

  /// `r ← r + ρ (P(r + σ E w̄) − r)`
  @inline(__always)
  private func advance(
    _ r: inout MutableSpan<Float>, at target: Int, _ w: Span<Float>,
    _ place: SymmetrisedGradient.Place, _ site: Site, _ step: SymmetrisedGradient.Step
  ) {
    var moved = InlineArray<6, Lanes>(repeating: Lanes(repeating: 0))
    var squares = Lanes(repeating: 0)
    for a in 0..<axes {
      for b in a..<axes {
        let c = component(a, b)
        let values = bend(w, place, site, a, b)
        for l in 0..<laneCount {
          let v =
            unsafe r[unchecked: target &+ c &* laneCount &+ l]
            + step.length * values[unchecked: l]
          unsafe moved[unchecked: c][unchecked: l] = v
          unsafe squares[unchecked: l] += v * v
        }
      }
    }
    for l in 0..<laneCount {
      let length = unsafe squares[unchecked: l].squareRoot()
      unsafe squares[unchecked: l] = step.radius / (length > step.radius ? length : step.radius)
    }
    for c in 0..<tensors {
      let i = target &+ c &* laneCount
      for l in 0..<laneCount {
        let old = unsafe r[unchecked: i &+ l]
        let new = unsafe squares[unchecked: l] * moved[unchecked: c][unchecked: l]
        unsafe r[unchecked: i &+ l] = old + step.relaxation * (new - old)
      }
    }
  }

  func form(
    _ field: inout MutableSpan<Float>, from p: Span<Float>, _ r: Span<Float>,
    _ pass: SymmetrisedGradient.FieldPass
  ) {
    var target = 0
    for z in band.pages {
      for x in 0..<shape.positionCount {
        let site = run(z, x)
        for a in 0..<axes {
          var sum = Lanes(repeating: 0)
          for b in 0..<axes {
            addAdjoint(&sum, a == b ? 1 : Self.half, r, site, component(a, b), b)
          }
          switch pass {
          case .plain:
            let i = target + a * laneCount
            for l in 0..<laneCount { unsafe field[unchecked: i &+ l] = sum[unchecked: l] }
          case .pair(let step):
            move(&field, at: target + a * laneCount, p, site, a, sum, step)
          }
        }
        target += (pass.isPair ? 2 : 1) * axes * laneCount
      }
    }
  }

  /// `δ = τ (M p − Eᵀ r)`, `w̄ ← w + 2 δ`, `w ← w + ρ δ`
  @inline(__always)
  private func move(
    _ pair: inout MutableSpan<Float>, at i: Int, _ p: Span<Float>, _ site: Site, _ a: Int,
    _ sum: Lanes, _ step: SymmetrisedGradient.Step
  ) {
    let here = axes &* site.run &+ a &* laneCount
    let ahead = i &+ axes &* laneCount
    let has: Float =
      a == 2
      ? 1
      : a == 0 ? (site.x + 1 < shape.positionCount ? 1 : 0) : site.z + 1 < shape.pageCount ? 1 : 0
    for l in 0..<laneCount {
      let seen = unsafe (a == 2 ? mask[unchecked: l] : has) * p[unchecked: here &+ l]
      let δ = unsafe step.length * (seen - sum[unchecked: l])
      let w = unsafe pair[unchecked: i &+ l]
      unsafe pair[unchecked: ahead &+ l] = w + 2 * δ
      unsafe pair[unchecked: i &+ l] = w + step.relaxation * δ
    }
  }

  /// `Σ |E w|` over the band.
  func sum(_ w: Span<Float>, _ place: SymmetrisedGradient.Place) -> Double {
    var total = 0.0
    for z in band.pages {
      var sums = Lanes(repeating: 0)
      for x in 0..<shape.positionCount {
        let site = run(z, x)
        var squares = Lanes(repeating: 0)
        for a in 0..<axes {
          for b in a..<axes {
            let values = bend(w, place, site, a, b)
            for l in 0..<laneCount {
              unsafe squares[unchecked: l] += values[unchecked: l] * values[unchecked: l]
            }
          }
        }
        for l in 0..<laneCount {
          unsafe sums[unchecked: l] += squares[unchecked: l].squareRoot()
        }
      }
      total += sums.indices.reduce(0.0) { $0 + Double(sums[$1]) }
    }
    return total
  }
}

extension SymmetrisedGradient.FieldPass {
  fileprivate var isPair: Bool { if case .pair = self { true } else { false } }
}
