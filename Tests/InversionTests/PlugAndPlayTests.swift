import Fields
import Inversion
import Operators
import TestSupport
import Testing
import Transforms

@Suite("PlugAndPlay")
struct PlugAndPlayTests {
  let shape = SlabShape(sliceCount: 3, pageCount: 7, positionCount: 6)
  let workers = Workers(2)

  /// The proximal map of total variation: a denoiser of a user's own.
  struct VariationDenoiser: Denoiser {
    let weight: Float
    let shape: SlabShape

    func denoise(
      _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]
    ) throws {
      let noisy = FloatStorage(x.indices.map { x[$0] })
      let fit = try DataFidelity(
        SquaredDistance(), of: PlugAndPlayTests.Identity(count: x.count), to: noisy, shape)
      var solver = PrimalDual()
      (solver.iterationLimit, solver.tolerance, solver.balance) = (300, 1e-7, 1)
      var clean = noisy
      try solver.minimise(
        Objective(
          [fit], regulariser: try TotalVariation(weight, SlabGradient(shape)), pointwise: .free),
        from: &clean)
      for i in x.indices { y[i] = clean.span[i] }
    }
  }

  struct Identity: LinearOperator {
    let count: Int
    var domainCount: Int { count }
    var rangeCount: Int { count }
    func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
      for i in x.indices { y[i] = x[i] }
    }
    func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) { apply(y, into: x) }
  }

  /// `D x = factor · x`
  struct Scaling: Denoiser {
    let factor: Float
    let isLinear: Bool
    func denoise(
      _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]
    ) throws {
      for i in x.indices { y[i] = factor * x[i] }
    }
  }

  struct Broken: Denoiser {
    struct Fault: Error, CustomStringConvertible { let description = "out of order" }
    func denoise(
      _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]
    ) throws { throw Fault() }
  }

  func inside(_ values: FloatStorage) -> FloatStorage {
    FloatStorage(
      (0..<shape.count).map { $0 % shape.laneCount < shape.sliceCount ? values.span[$0] : 0 })
  }

  /// A box in noise, of which a diagonal is seen.
  func objective(
    _ regulariser: any Regulariser, _ pointwise: PointwisePenalty = .nonNegative
  ) throws -> Objective {
    let random = noise(count: shape.count, seed: 2, -0.3, 0.3)
    var values = FloatStorage(zeros: shape.count)
    var span = values.mutableSpan
    for i in 0..<shape.count {
      let x = i / shape.laneCount % shape.positionCount
      span[i] = random.span[i] + (x > 2 ? 1 : 0)
    }
    let model = SolverTests.Diagonal(factors: noise(count: shape.count, seed: 1, 0.5, 2))
    let fit = try DataFidelity(SquaredDistance(), of: model, to: inside(values), shape)
    return Objective([fit], regulariser: regulariser, pointwise: pointwise)
  }

  func solve(
    _ objective: Objective, iterations: Int = 600, judges: Bool = false
  ) throws -> (x: FloatStorage, report: SolverReport) {
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance, solver.balance) = (iterations, 1e-7, 1)
    (solver.workers, solver.judgesDenoiser, solver.leastIterations) = (workers, judges, 80)
    var x = FloatStorage(zeros: shape.count)
    let report = try solver.minimise(objective, from: &x)
    return (x, report)
  }

  func descend(_ objective: Objective) throws -> (x: FloatStorage, report: SolverReport) {
    var solver = ProximalGradient()
    (solver.iterationLimit, solver.tolerance, solver.workers) = (300, 1e-7, workers)
    (solver.innerIterations, solver.judgesDenoiser) = (20, true)
    var x = FloatStorage(zeros: shape.count)
    let report = try solver.minimise(objective, from: &x)
    return (x, report)
  }

  @Test("with the proximal map of total variation it is total variation, in both solvers")
  func variation() throws {
    let expected = try solve(
      objective(try TotalVariation(0.2, SlabGradient(shape))), iterations: 4000
    ).x
    let γ: Float = 0.8
    let denoiser = VariationDenoiser(weight: 0.2 / γ, shape: shape)
    let prior = try PlugAndPlay(denoiser, weight: γ, shape, workers: workers)
    let found = try solve(objective(prior), iterations: 300, judges: true)
    #expect(relativeError(of: found.x.span, against: expected.span) < 1e-3)
    let facts = try #require(found.report.denoiser)
    #expect(facts.fixedPointResidual < 1e-3)
    #expect(!facts.isLinear && facts.largestEigenvalue < 1.01)
    #expect(try #require(facts.warning).contains("no guarantee"))

    var descent = ProximalGradient()
    (descent.iterationLimit, descent.innerIterations, descent.tolerance) = (40, 12, 1e-6)
    var x = FloatStorage(zeros: shape.count)
    try descent.minimise(objective(prior), from: &x)
    #expect(relativeError(of: x.span, against: expected.span) < 1e-3)
  }

  func mean(frozenAfter calls: Int) throws -> NonLocalDenoiser {
    var mean = try NonLocalDenoiser(
      strength: 0.4, shape, .init(shape, reach: .space), workers: workers)
    mean.freezeAfter = calls
    return mean
  }

  @Test(
    "a frozen non-local mean has a fixed point, the matrix says so, and of one linear denoiser both solvers find the same"
  )
  func frozen() throws {
    // Frozen after the first call, whose input is zero: W is the mean over the window.
    let prior = try PlugAndPlay(try mean(frozenAfter: 1), weight: 0.5, shape, workers: workers)
    let found = try solve(try objective(prior), judges: true)
    let facts = try #require(found.report.denoiser)
    #expect(facts.fixedPointResidual < 1e-4)
    #expect(facts.isLinear && facts.largestEigenvalue > 0.9 && facts.largestEigenvalue < 1.0001)
    #expect(facts.warning == nil)
    // Solvers call it with different inputs first, and freeze other weights.
    let other = try descend(try objective(prior))
    #expect(try #require(other.report.denoiser).fixedPointResidual < 1e-3)
    let scaling = try PlugAndPlay(
      Scaling(factor: 0.7, isLinear: true), weight: 0.5, shape, workers: workers)
    let (one, two) = (try solve(objective(scaling)), try descend(objective(scaling)))
    #expect(relativeError(of: two.x.span, against: one.x.span) < 1e-3)
  }

  @Test("as a gradient it solves (HᵀH + μ (I − W)) x = Hᵀ y")
  func gradient() throws {
    let (μ, mean) = (Float(0.5), try mean(frozenAfter: 1))
    let prior = try PlugAndPlay(mean, weight: μ, shape, form: .gradient, workers: workers)
    let objective = try objective(prior, .free)
    let found = try solve(objective, judges: true)
    #expect(try #require(found.report.denoiser).fixedPointResidual < 1e-4)
    let zero = FloatStorage(zeros: shape.count)
    let matrix = NonLocalMean(
      guide: zero, shape, strength: 0.4, .init(shape, reach: .space), workers: workers)
    var smooth = zero
    matrix.apply(found.x.span, into: smooth.mutableSpan)
    let fit = objective.fidelities[0]
    var seen = zero
    fit.model.apply(found.x.span, into: seen.mutableSpan)
    var residual = seen.mutableSpan
    for i in residual.indices { residual[i] -= fit.measurement.span[i] }
    var slope = zero
    fit.model.applyDerivativeAdjoint(residual.span, at: found.x.span, into: slope.mutableSpan)
    for i in 0..<shape.count {
      #expect(abs(slope.span[i] + μ * (found.x.span[i] - smooth.span[i])) < 1e-4)
    }
    let other = try descend(objective)
    #expect(relativeError(of: other.x.span, against: found.x.span) < 1e-3)
  }

  @Test("the guide follows the volume and then stays; another strength begins anew")
  func following() throws {
    let mean = try mean(frozenAfter: 12)
    var state = mean.stateCounts.map { FloatStorage(zeros: $0) }
    let x = inside(noise(count: shape.count, seed: 5))
    var guides: [FloatStorage] = []
    for _ in 0..<20 {
      var y = FloatStorage(zeros: shape.count)
      var span = y.mutableSpan
      mean.denoise(x.span, into: &span, state: &state)
      guides.append(state[0])
    }
    #expect(areIdentical(guides[0], x))
    #expect(areIdentical(guides[4], x) && !areIdentical(guides[5], x))
    #expect(areIdentical(guides[5], guides[19]))
    var stronger = try NonLocalDenoiser(
      strength: 0.5, shape, .init(shape, reach: .space), workers: workers)
    stronger.freezeAfter = 12
    var y = FloatStorage(zeros: shape.count)
    var span = y.mutableSpan
    stronger.denoise(x.span, into: &span, state: &state)
    let counters = state[3]
    #expect(counters.span[0] == 1 && counters.span[1] == 0.5)
    #expect(areIdentical(state[0], guides[19]))
  }

  @Test("a denoiser that expands is said to have no guarantee", arguments: [true, false])
  func expanding(isLinear: Bool) throws {
    let denoiser = Scaling(factor: 1.5, isLinear: isLinear)
    let prior = try PlugAndPlay(denoiser, weight: 0.1, shape, workers: workers)
    let found = try solve(try objective(prior), iterations: 20, judges: true)
    let facts = try #require(found.report.denoiser)
    #expect(abs(facts.largestEigenvalue - 1.5) < 1e-2)
    #expect(try #require(facts.warning).contains("no guarantee"))
  }

  @Test("what a denoiser says when it fails is what the solver throws")
  func failure() throws {
    for form in PlugAndPlay.Form.allCases {
      let prior = try PlugAndPlay(Broken(), weight: 0.1, shape, form: form, workers: workers)
      #expect(throws: InversionError.denoiser("out of order")) {
        try solve(try objective(prior))
      }
      #expect(throws: InversionError.denoiser("out of order")) {
        try descend(try objective(prior))
      }
    }
    #expect(throws: InversionError.weight(0)) { try PlugAndPlay(Broken(), weight: 0, shape) }
  }
}
