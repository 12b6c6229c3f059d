import Fields
import Foundation
import Inversion
import Operators
import SpectralTomography
import TestSupport
import Testing

@Suite struct JointVariationTests {
  private func variation(
    _ coupling: ChannelCoupling, _ weight: Float, channels: Int, _ shape: SlabShape
  ) -> JointVariation {
    JointVariation(weight, coupling, channelCount: channels, shape, workers: Workers(2))
  }

  @Test("Norms and projections onto dual balls are those of numpy's decompositions")
  func golden() throws {
    let golden = try goldenDoubles("joint.bin", in: .module)
    let shape = SlabShape(sliceCount: 1, pageCount: 3, positionCount: 4)
    let x = FloatStorage(golden[..<36].map { Float($0) })
    for (k, coupling) in ChannelCoupling.allCases.enumerated() {
      let unit = variation(coupling, 1, channels: 3, shape)
      #expect(abs(unit.value(x.span) / golden[36 + k] - 1) < 1e-5, "\(coupling)")
      let penalty = variation(coupling, 0.3, channels: 3, shape)
      var dual = FloatStorage(zeros: penalty.dualCount)
      penalty.formDual(&dual, from: x.span, step: 0.7, relaxation: 1)
      let expected = golden[(39 + 108 * k)..<(39 + 108 * (k + 1))]
      let worst = zip(array(dual), expected).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(worst < 2e-5, "\(coupling)")
    }
  }

  @Test("The primal step goes along the exact adjoint of the gradient", arguments: [1, 7, 33])
  func adjoint(slices: Int) throws {
    let shape = SlabShape(sliceCount: slices, pageCount: 4, positionCount: 5)
    // A ball that holds everything leaves the dual step with the gradient itself.
    let penalty = variation(.collaborative, 1e9, channels: 2, shape)
    func probe(_ seed: UInt64) -> FloatStorage {
      let values = array(noise(count: 2 * shape.count, seed: seed))
      return FloatStorage(
        (0..<2 * shape.count).map { i in
          let slab = i % shape.count / shape.slabLength
          return i % shape.laneCount < shape.slices(of: slab).count ? values[i] : 0
        })
    }
    let (x, v) = (probe(1), probe(2))
    var (p, q) = (FloatStorage(zeros: penalty.dualCount), FloatStorage(zeros: penalty.dualCount))
    penalty.formDual(&p, from: x.span, step: 1, relaxation: 1)
    penalty.formDual(&q, from: v.span, step: 1, relaxation: 1)
    var back = FloatStorage(zeros: 2 * shape.count)
    penalty.step(
      back.mutableSpan, from: FloatStorage(zeros: x.count).span, along: q.span,
      steps: RunFactors(uniform: 1), offset: 0)
    let (left, right) = (dot(p.span, q.span), -dot(x.span, back.span))
    #expect(abs(left) > 0.1)
    #expect(abs(left - right) < 1e-5 * abs(left))
    let lanes = shape.slices(of: shape.slabCount - 1).count
    for (i, value) in array(back).enumerated() {
      let isLast = i % shape.count / shape.slabLength == shape.slabCount - 1
      if isLast && i % shape.laneCount >= lanes { #expect(value == 0) }
    }
  }

  @Test("Values and dual steps are the same with any number of threads")
  func threads() {
    let shape = SlabShape(sliceCount: 40, pageCount: 6, positionCount: 5)
    let x = noise(count: 3 * shape.count, seed: 5)
    let results = [1, 3].map { count in
      let penalty = JointVariation(
        0.2, .nuclear, channelCount: 3, shape, workers: Workers(count))
      var dual = FloatStorage(zeros: penalty.dualCount)
      penalty.formDual(&dual, from: x.span, step: 0.5, relaxation: 1.9)
      return (penalty.value(x.span), dual)
    }
    #expect(results[0].0 == results[1].0)
    #expect(areIdentical(results[0].1, results[1].1))
  }
}
