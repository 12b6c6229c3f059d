import Fields
import Inversion
import Operators
import TestSupport
import Testing
import Transforms

@Suite("TotalGeneralisedVariation")
struct GeneralisedVariationTests {
  private func denoised(
    _ y: FloatStorage, _ shape: SlabShape, _ regulariser: any Regulariser,
    iterations: Int = 4000
  ) throws -> (x: FloatStorage, report: SolverReport) {
    let fidelity = try DataFidelity(
      SquaredDistance(), of: Identity(count: shape.count), to: y, shape)
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance, solver.balance) = (iterations, 0, 1)
    var x = FloatStorage(zeros: shape.count)
    let report = try solver.minimise(
      Objective([fidelity], regulariser: regulariser, pointwise: .free), from: &x)
    return (x, report)
  }

  private func field(_ shape: SlabShape, _ value: (Int, Int, Int) -> Float) -> FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    var span = field.mutableSpan
    for y in 0..<shape.sliceCount {
      for z in 0..<shape.pageCount {
        for x in 0..<shape.positionCount {
          span[shape.index(slice: y, page: z, position: x)] = value(y, z, x)
        }
      }
    }
    return field
  }

  @Test("three voxels in a line bend by hand")
  func byHand() throws {
    // Of 0, 3, 0 in a row: with w₀ and w₁ the slopes, x₁ = 3 − 2 a, x₀ = x₂ = a. With α₁ → ∞ it is ½ |x − y|² + α₀ |x₂ − 2 x₁ + x₀|,
    // whose dual r = −α₀ gives x = y + α₀ (1, −2, 1) while the bend is below zero.
    let shape = SlabShape(sliceCount: 1, pageCount: 1, positionCount: 3)
    let prior = try TotalGeneralisedVariation(50, ratio: 0.25 / 50, SlabGradient(shape))
    let (x, _) = try denoised(FloatStorage([0, 3, 0]), shape, prior, iterations: 40000)
    for (found, expected) in zip([x.span[0], x.span[1], x.span[2]], [0.25, 2.5, 0.25] as [Float]) {
      #expect(abs(found - expected) < 5e-3)
    }
  }

  @Test("a slope passes unchanged, where total variation makes it flatter", arguments: [1, 7, 33])
  func slope(slices: Int) throws {
    let shape = SlabShape(sliceCount: slices, pageCount: 9, positionCount: 8)
    let y = field(shape) { y, z, x in 0.3 * Float(x) - 0.2 * Float(z) + 0.1 * Float(y) + 1 }
    let gradient = SlabGradient(shape)
    let (x, report) = try denoised(y, shape, try TotalGeneralisedVariation(0.4, gradient))
    #expect(relativeError(of: x.span, against: y.span) < 1e-3)
    #expect(try #require(report.objective.last) < 1e-2)
    let (flat, _) = try denoised(y, shape, try TotalVariation(0.4, gradient), iterations: 1000)
    #expect(relativeError(of: flat.span, against: y.span) > 0.02)
  }

  @Test("it is no more than total variation, and the optimum is no other's", arguments: [1, 33])
  func optimality(slices: Int) throws {
    // x minimises ½ ‖x − y‖² + R: R is 1-homogeneous, so ⟨y − x, x⟩ = R(x) ≤ μ TV(x), and ⟨y − x, v⟩ ≤ R(v) ≤ μ TV(v) for every v.
    let shape = SlabShape(sliceCount: slices, pageCount: 9, positionCount: 8)
    let values = noise(count: shape.count, seed: 1, 0, 2)
    let y = field(shape) { y, z, x in values.span[shape.index(slice: y, page: z, position: x)] }
    let gradient = SlabGradient(shape)
    let weight: Float = 0.4
    let (x, report) = try denoised(
      y, shape, try TotalGeneralisedVariation(weight, gradient), iterations: 20_000)
    func inner(_ v: FloatStorage) -> Double {
      (0..<shape.count).reduce(0.0) {
        $0 + Double(y.span[$1] - x.span[$1]) * Double(v.span[$1])
      }
    }
    let penalty = try #require(report.objective.last) - (try #require(report.misfit.last))
    // The unknown w converges slowly: after 4000 iterations 6 % are left in 33 slices, after 20 000 1 %.
    #expect(abs(inner(x) - penalty) < 0.015 * penalty)
    #expect(penalty <= Double(weight) * gradient.totalVariation(x.span) * 1.0001)
    for seed in 2..<6 as Range<UInt64> {
      let values = noise(count: shape.count, seed: seed)
      let v = field(shape) { y, z, x in values.span[shape.index(slice: y, page: z, position: x)] }
      #expect(inner(v) <= Double(weight) * gradient.totalVariation(v.span) * 1.001)
    }
  }

  @Test("a run goes on from where another one stood, slopes included")
  func resumed() throws {
    let shape = SlabShape(sliceCount: 7, pageCount: 9, positionCount: 8)
    let y = noise(count: shape.count, seed: 3, 0, 1)
    let fidelity = try DataFidelity(
      SquaredDistance(), of: Identity(count: shape.count), to: y, shape)
    let objective = Objective(
      [fidelity], regulariser: try TotalGeneralisedVariation(0.2, SlabGradient(shape)))
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance) = (20, 0)
    var (whole, kept) = (FloatStorage(zeros: shape.count), SolverState?.none)
    try solver.minimise(objective, from: &whole, goingOn: nil) { state in
      if state.report.iterations == 9 { kept = state }
      return true
    }
    let state = try #require(kept)
    #expect(state.fields.map(\.count) == solver.emptyState(for: objective).fields.map(\.count))
    var x = FloatStorage(zeros: shape.count)
    let report = try solver.minimise(objective, from: &x, goingOn: state) { _ in true }
    #expect(report.iterations == 20)
    #expect(relativeError(of: x.span, against: whole.span) == 0)
  }

  @Test("weights that are not positive are refused")
  func weights() {
    let gradient = SlabGradient(SlabShape(sliceCount: 1, pageCount: 2, positionCount: 2))
    #expect(throws: InversionError.weight(0)) { try TotalGeneralisedVariation(0, gradient) }
    #expect(throws: InversionError.weight(-2)) {
      try TotalGeneralisedVariation(1, ratio: -2, gradient)
    }
  }
}
