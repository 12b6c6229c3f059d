import Fields
import Operators
import TestSupport
import Testing
import Transforms

@Suite("SymmetrisedGradient")
struct SymmetrisedGradientTests {
  static let sliceCounts = [1, 7, 33]

  func bend(_ reach: SlabGradient.Reach, _ slices: Int) -> SymmetrisedGradient {
    let shape = SlabShape(sliceCount: slices, pageCount: 19, positionCount: 11)
    return SymmetrisedGradient(SlabGradient(shape, reach: reach, workers: Workers(2)))
  }

  /// Values of a field with `width` components at every voxel, zero in padding.
  func field(
    _ shape: SlabShape, width: Int,
    _ value: (_ component: Int, _ y: Int, _ z: Int, _ x: Int) -> Float
  ) -> FloatStorage {
    var field = FloatStorage(zeros: width * shape.count)
    var span = field.mutableSpan
    for y in 0..<shape.sliceCount {
      for z in 0..<shape.pageCount {
        for x in 0..<shape.positionCount {
          let i = shape.index(slice: y, page: z, position: x)
          for c in 0..<width {
            span[place(shape, width, c, i)] = value(c, y, z, x)
          }
        }
      }
    }
    return field
  }

  func place(_ shape: SlabShape, _ width: Int, _ component: Int, _ i: Int) -> Int {
    (i / shape.laneCount * width + component) * shape.laneCount + i % shape.laneCount
  }

  func random(_ shape: SlabShape, width: Int, seed: UInt64) -> FloatStorage {
    let values = noise(count: width * shape.count, seed: seed)
    return field(shape, width: width) { c, y, z, x in
      values.span[width * shape.index(slice: y, page: z, position: x) + c]
    }
  }

  @Test(
    "the adjoint is the adjoint", arguments: SlabGradient.Reach.allCases, sliceCounts)
  func adjoint(reach: SlabGradient.Reach, slices: Int) {
    let bend = bend(reach, slices)
    let shape = SlabShape(sliceCount: slices, pageCount: 19, positionCount: 11)
    let w = random(shape, width: bend.axisCount, seed: 1)
    let r = random(shape, width: bend.tensorCount, seed: 2)
    #expect(bend.adjointMismatch(w.span, r.span) < 1e-5)
  }

  @Test("derivatives are backward differences of neighbours", arguments: sliceCounts)
  func differences(slices: Int) {
    let bend = bend(.space, slices)
    let shape = SlabShape(sliceCount: slices, pageCount: 19, positionCount: 11)
    let d = bend.axisCount
    func w(_ c: Int, _ y: Int, _ z: Int, _ x: Int) -> Float {
      Float(c + 1) * (Float(x * x) + 2 * Float(z * x) - Float(y * z) + 3 * Float(x * y))
    }
    let values = field(shape, width: d, w)
    var found = FloatStorage(repeating: .nan, count: bend.rangeCount)
    bend.apply(values.span, into: found.mutableSpan)
    func back(_ c: Int, _ axis: Int, _ y: Int, _ z: Int, _ x: Int) -> Float {
      switch axis {
      case 0: x > 0 ? w(c, y, z, x) - w(c, y, z, x - 1) : 0
      case 1: z > 0 ? w(c, y, z, x) - w(c, y, z - 1, x) : 0
      default: y > 0 ? w(c, y, z, x) - w(c, y - 1, z, x) : 0
      }
    }
    let pairs =
      d == 3 ? [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)] : [(0, 0), (1, 1), (0, 1)]
    let expected = field(shape, width: bend.tensorCount) { t, y, z, x in
      let (a, b) = pairs[t]
      guard a != b else { return back(a, a, y, z, x) }
      return (back(a, b, y, z, x) + back(b, a, y, z, x)) * Float(0.5).squareRoot()
    }
    #expect(relativeError(of: found.span, against: expected.span) < 1e-6)
  }

  @Test(
    "the fused steps are derivative, step, projection and relaxation",
    arguments: SlabGradient.Reach.allCases, sliceCounts)
  func steps(reach: SlabGradient.Reach, slices: Int) {
    let bend = bend(reach, slices)
    let shape = SlabShape(sliceCount: slices, pageCount: 19, positionCount: 11)
    let gradient = SlabGradient(shape, reach: reach)
    let (d, t) = (bend.axisCount, bend.tensorCount)
    let p = random(shape, width: d, seed: 3)
    let r = random(shape, width: t, seed: 4)
    let start = random(shape, width: 2 * d, seed: 5)
    let x = random(shape, width: 1, seed: 6)
    let (τ, σ, ρ, radius): (Float, Float, Float, Float) = (0.3, 0.7, 1.5, 0.6)
    let present = SlabGradient.Reach.slice == reach || slices == 1 ? 2 : 3

    var pair = start
    bend.formPair(pair.mutableSpan, along: p.span, r.span, length: τ, relaxation: ρ)
    var adjoint = FloatStorage(zeros: bend.domainCount)
    bend.applyAdjoint(r.span, into: adjoint.mutableSpan)
    let ends = [shape.positionCount, shape.pageCount, shape.sliceCount]
    let expected = field(shape, width: 2 * d) { c, y, z, x in
      let i = shape.index(slice: y, page: z, position: x)
      let a = c % d
      let m: Float = [x, z, y][a] + 1 < ends[a] ? 1 : 0
      let δ = τ * (m * p.span[place(shape, d, a, i)] - adjoint.span[place(shape, d, a, i)])
      return start.span[place(shape, 2 * d, a, i)] + (c < d ? ρ : 2) * δ
    }
    #expect(present == d)
    #expect(relativeError(of: pair.span, against: expected.span) < 1e-5)

    let ahead = field(shape, width: d) { c, y, z, x in
      pair.span[place(shape, 2 * d, d + c, shape.index(slice: y, page: z, position: x))]
    }
    var bends = FloatStorage(zeros: bend.rangeCount)
    bend.apply(ahead.span, into: bends.mutableSpan)
    var slopes = FloatStorage(zeros: gradient.rangeCount)
    gradient.apply(x.span, into: slopes.mutableSpan)
    func relaxed(
      _ old: FloatStorage, _ width: Int, _ moved: (_ c: Int, _ y: Int, _ z: Int, _ x: Int) -> Float
    ) -> FloatStorage {
      field(shape, width: width) { c, y, z, x in
        let i = shape.index(slice: y, page: z, position: x)
        let all = (0..<width).map { old.span[place(shape, width, $0, i)] + σ * moved($0, y, z, x) }
        let length = all.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let before = old.span[place(shape, width, c, i)]
        return before + ρ * (all[c] * min(1, radius / length) - before)
      }
    }
    let step = SymmetrisedGradient.Step(radius: radius, length: σ, relaxation: ρ)
    var tensor = r
    bend.formDual(tensor.mutableSpan, from: pair.span, step: step)
    let expectedTensor = relaxed(r, t) { c, y, z, x in
      bends.span[place(shape, t, c, shape.index(slice: y, page: z, position: x))]
    }
    #expect(relativeError(of: tensor.span, against: expectedTensor.span) < 1e-5)
    var dual = p
    bend.formSlopeDual(dual.mutableSpan, from: x.span, pair.span, step: step)
    let expectedDual = relaxed(p, d) { c, y, z, x in
      let i = shape.index(slice: y, page: z, position: x)
      let m: Float = [x, z, y][c] + 1 < ends[c] ? 1 : 0
      return m * (slopes.span[place(shape, d, c, i)] - ahead.span[place(shape, d, c, i)])
    }
    #expect(relativeError(of: dual.span, against: expectedDual.span) < 1e-5)
  }

  @Test("an affine volume has its own slope, which bends nowhere", arguments: sliceCounts)
  func affine(slices: Int) {
    let bend = bend(.space, slices)
    let shape = SlabShape(sliceCount: slices, pageCount: 19, positionCount: 11)
    let d = bend.axisCount
    let slope: [Float] = [0.5, -0.25, 2]
    let x = field(shape, width: 1) { _, y, z, x in
      slope[0] * Float(x) + slope[1] * Float(z) + slope[2] * Float(y)
    }
    let pair = field(shape, width: 2 * d) { c, _, _, _ in c < d ? slope[c] : .infinity }
    let lengths = bend.lengths(x.span, pair.span)
    #expect(lengths.slope < 1e-3 && lengths.bend < 1e-3)
    let none = FloatStorage(zeros: bend.pairCount)
    let variation = SlabGradient(shape).totalVariation(x.span)
    #expect(abs(bend.lengths(x.span, none.span).slope - variation) < 1e-5 * variation)
  }
}
