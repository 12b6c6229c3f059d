import Fields
import Operators
import TestSupport
import Testing
import Transforms

@Suite("SlabGradient")
struct SlabGradientTests {
  static let sliceCounts = [1, 7, 33]

  func shape(_ slices: Int) -> SlabShape {
    SlabShape(sliceCount: slices, pageCount: 19, positionCount: 11)
  }

  /// Noise in true slices, zero in padding.
  func volume(_ shape: SlabShape, seed: UInt64) -> FloatStorage {
    let values = noise(count: shape.count, seed: seed)
    var field = FloatStorage(zeros: shape.count)
    var span = field.mutableSpan
    for slice in 0..<shape.sliceCount {
      for z in 0..<shape.pageCount {
        for x in 0..<shape.positionCount {
          let i = shape.index(slice: slice, page: z, position: x)
          span[i] = values.span[i]
        }
      }
    }
    return field
  }

  @Test("differences are those of neighbours, and zero at the far edges", arguments: sliceCounts)
  func differences(slices: Int) {
    let shape = shape(slices)
    let gradient = SlabGradient(shape, workers: Workers(2))
    let v = volume(shape, seed: 1)
    var p = FloatStorage(repeating: .nan, count: gradient.rangeCount)
    gradient.apply(v.span, into: p.mutableSpan)
    func at(_ y: Int, _ z: Int, _ x: Int) -> Float {
      v.span[shape.index(slice: y, page: z, position: x)]
    }
    for y in 0..<slices {
      for z in 0..<19 {
        for x in 0..<11 {
          let i = shape.index(slice: y, page: z, position: x)
          let (run, lane) = (i / shape.laneCount, i % shape.laneCount)
          let first = run * gradient.componentCount * shape.laneCount + lane
          #expect(p.span[first] == (x < 10 ? at(y, z, x + 1) - at(y, z, x) : 0))
          #expect(
            p.span[first + shape.laneCount] == (z < 18 ? at(y, z + 1, x) - at(y, z, x) : 0))
          guard gradient.componentCount == 3 else { continue }
          #expect(
            p.span[first + 2 * shape.laneCount]
              == (y < slices - 1 ? at(y + 1, z, x) - at(y, z, x) : 0))
        }
      }
    }
  }

  @Test(
    "the adjoint is the adjoint", arguments: SlabGradient.Reach.allCases, sliceCounts)
  func adjoint(reach: SlabGradient.Reach, slices: Int) {
    let gradient = SlabGradient(shape(slices), reach: reach, workers: Workers(2))
    let x = volume(gradient.shape, seed: 2)
    let y = noise(count: gradient.rangeCount, seed: 3)
    #expect(gradient.adjointMismatch(x.span, y.span) < 1e-5)
  }

  @Test(
    "the fused dual step is gradient, step, projection and relaxation",
    arguments: SlabGradient.Reach.allCases, sliceCounts)
  func dualStep(reach: SlabGradient.Reach, slices: Int) {
    let gradient = SlabGradient(shape(slices), reach: reach, workers: Workers(2))
    let (lanes, components) = (gradient.shape.laneCount, gradient.componentCount)
    let v = volume(gradient.shape, seed: 4)
    let start = noise(count: gradient.rangeCount, seed: 5)
    var plain = FloatStorage(zeros: gradient.rangeCount)
    gradient.apply(v.span, into: plain.mutableSpan)
    let (σ, ρ, radius, factor): (Float, Float, Float, Float) = (0.7, 1.5, 0.4, 0.3)
    var ball = start
    gradient.formDual(
      ball.mutableSpan, from: v.span, pass: .ball(radius: radius, step: σ, relaxation: ρ))
    var scaled = start
    gradient.formDual(
      scaled.mutableSpan, from: v.span, pass: .scaled(factor: factor, step: σ, relaxation: ρ))
    for voxel in 0..<gradient.domainCount {
      let first = voxel / lanes * components * lanes + voxel % lanes
      let places = (0..<components).map { first + $0 * lanes }
      let moved = places.map { start.span[$0] + σ * plain.span[$0] }
      let length = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for (place, value) in zip(places, moved) {
        let old = start.span[place]
        let inBall = value * min(1, radius / length)
        #expect(abs(ball.span[place] - (old + ρ * (inBall - old))) < 1e-5)
        #expect(abs(scaled.span[place] - (old + ρ * (factor * value - old))) < 1e-5)
      }
    }
  }

  @Test("the fused primal step keeps padding at zero", arguments: sliceCounts)
  func primalStep(slices: Int) {
    let gradient = SlabGradient(shape(slices), workers: Workers(2))
    let shape = gradient.shape
    let u = volume(shape, seed: 6)
    var p = FloatStorage(zeros: gradient.rangeCount)
    gradient.apply(volume(shape, seed: 7).span, into: p.mutableSpan)
    var adjoint = FloatStorage(zeros: gradient.domainCount)
    gradient.applyAdjoint(p.span, into: adjoint.mutableSpan)
    let steps = RunFactors(noise(count: shape.runCount, seed: 8), laneCount: shape.laneCount)
    var x = FloatStorage(repeating: .nan, count: shape.count)
    gradient.step(x.mutableSpan, from: u.span, along: p.span, steps: steps, offset: 0.25)
    for i in 0..<shape.count {
      let slice = i / shape.slabLength * shape.laneCount + i % shape.laneCount
      let offset: Float = slice < slices ? 0.25 : 0
      let expected = u.span[i] - steps[i] * (adjoint.span[i] + offset)
      #expect(abs(x.span[i] - expected) < 1e-6)
      if slice >= slices { #expect(x.span[i] == 0) }
    }
  }

  @Test("the total variation of a step is its area times its height", arguments: sliceCounts)
  func step(slices: Int) {
    let shape = shape(slices)
    let gradient = SlabGradient(shape)
    var v = FloatStorage(zeros: shape.count)
    for y in 0..<slices {
      for z in 0..<19 {
        for x in 5..<11 {
          var span = v.mutableSpan
          span[shape.index(slice: y, page: z, position: x)] = 3
        }
      }
    }
    #expect(gradient.totalVariation(v.span) == Double(3 * 19 * slices))
    #expect(gradient.squaredLength(v.span) == Double(9 * 19 * slices))
  }

  @Test("the last true slice is the end of the volume", arguments: [7, 33])
  func end(slices: Int) {
    let shape = shape(slices)
    var constant = FloatStorage(zeros: shape.count)
    for y in 0..<slices {
      for z in 0..<19 {
        for x in 0..<11 {
          var span = constant.mutableSpan
          span[shape.index(slice: y, page: z, position: x)] = 2
        }
      }
    }
    #expect(SlabGradient(shape).totalVariation(constant.span) == 0)
  }

  @Test("the number of workers changes no bit")
  func workers() {
    let shape = SlabShape(sliceCount: 70, pageCount: 40, positionCount: 9)
    let v = volume(shape, seed: 9)
    let values = [1, 2, 5].map { count in
      SlabGradient(shape, workers: Workers(count)).totalVariation(v.span)
    }
    #expect(values[0] == values[1] && values[1] == values[2])
  }
}
