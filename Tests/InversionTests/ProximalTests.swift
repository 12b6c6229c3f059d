import Fields
import Inversion
import Operators
import TestSupport
import Testing
import Transforms

@Suite("TotalVariation")
struct TotalVariationTests {
  @Test("two voxels move towards each other by μ, or meet in the middle")
  func byHand() throws {
    let shape = SlabShape(sliceCount: 1, pageCount: 1, positionCount: 2)
    for (weight, expected) in [(0.5, [0.5, 2.5] as [Float]), (4, [1.5, 1.5])] as [(Float, [Float])]
    {
      let x = try denoised(FloatStorage([0, 3]), shape, weight, iterations: 500)
      #expect(abs(x.span[0] - expected[0]) < 1e-4 && abs(x.span[1] - expected[1]) < 1e-4)
    }
  }

  @Test(
    "the denoised volume meets the optimality of total variation", arguments: [1, 7, 33])
  func optimality(slices: Int) throws {
    // x = y − ∇ᵀp with |p| ≤ μ and ⟨p, ∇x⟩ = μ TV(x): then no other x is better. Summed up,
    // ⟨y − x, x⟩ = μ TV(x), and ⟨y − x, v⟩ ≤ μ TV(v) for every v.
    let shape = SlabShape(sliceCount: slices, pageCount: 9, positionCount: 8)
    let values = noise(count: shape.count, seed: 1, 0, 2)
    let y = FloatStorage(
      (0..<shape.count).map { i in
        let slice = i / shape.slabLength * shape.laneCount + i % shape.laneCount
        return slice < slices ? values.span[i] : 0
      })
    let weight: Float = 0.4
    let x = try denoised(y, shape, weight, iterations: 1500)
    let gradient = SlabGradient(shape)
    let residual = FloatStorage((0..<shape.count).map { y.span[$0] - x.span[$0] })
    func inner(_ v: FloatStorage) -> Double {
      (0..<shape.count).reduce(0.0) { $0 + Double(residual.span[$1]) * Double(v.span[$1]) }
    }
    let variation = Double(weight) * gradient.totalVariation(x.span)
    #expect(abs(inner(x) - variation) < 1e-3 * variation)
    for seed in 2..<6 as Range<UInt64> {
      let v = FloatStorage(
        (0..<shape.count).map { i in
          y.span[i] == 0 ? 0 : noise(count: shape.count, seed: seed).span[i]
        })
      #expect(inner(v) <= Double(weight) * gradient.totalVariation(v.span) * 1.001)
    }
  }

  private func denoised(
    _ y: FloatStorage, _ shape: SlabShape, _ weight: Float, iterations: Int
  ) throws -> FloatStorage {
    let model = Identity(count: shape.count)
    let fidelity = try DataFidelity(SquaredDistance(), of: model, to: y, shape)
    var solver = ProximalGradient()
    (solver.innerIterations, solver.iterationLimit, solver.step) = (iterations / 5, 5, 1)
    var x = y
    try solver.minimise(
      Objective(
        [fidelity], regulariser: try TotalVariation(weight, SlabGradient(shape)), pointwise: .free),
      from: &x)
    return x
  }
}

/// `y = x`
struct Identity: LinearOperator {
  let count: Int
  var domainCount: Int { count }
  var rangeCount: Int { count }
  func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    for i in x.indices { y[i] = x[i] }
  }
  func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) { apply(y, into: x) }
}
