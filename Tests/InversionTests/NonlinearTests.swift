import Fields
import Inversion
import Operators
import TestSupport
import Testing
import Transforms

@Suite("PrimalDual with models that are not linear")
struct NonlinearTests {
  private let shape = SlabShape(sliceCount: 3, pageCount: 6, positionCount: 5)

  /// `u = x²`, up to x = 2.
  private struct Square: BoundedModel {
    let domainCount: Int
    var rangeCount: Int { domainCount }
    func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
      for i in x.indices { y[i] = x[i] * x[i] }
    }
    func applyDerivativeAdjoint(
      _ y: Span<Float>, at point: Span<Float>, into x: consuming MutableSpan<Float>
    ) {
      for i in y.indices { x[i] = 2 * point[i] * y[i] }
    }
    func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
      (RunFactors(uniform: 4), RunFactors(uniform: 4))
    }
  }

  /// The same without a bound.
  private struct Unbounded: ForwardModel {
    let square: Square
    var domainCount: Int { square.domainCount }
    var rangeCount: Int { square.rangeCount }
    func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
      square.apply(x, into: y)
    }
    func applyDerivativeAdjoint(
      _ y: Span<Float>, at point: Span<Float>, into x: consuming MutableSpan<Float>
    ) {
      square.applyDerivativeAdjoint(y, at: point, into: x)
    }
  }

  private func trueValues(_ value: (Int) -> Float) -> FloatStorage {
    FloatStorage(
      (0..<shape.count).map { $0 % shape.laneCount < shape.sliceCount ? value($0) : 0 })
  }

  private func objective(_ model: any ForwardModel, weight: Float = 0.1) throws -> Objective {
    let values = noise(count: shape.count, seed: 1, 0.3, 2)
    let fidelity = try DataFidelity(
      SquaredDistance(), of: model, to: trueValues { values.span[$0] }, shape)
    return Objective(
      [fidelity], regulariser: try TotalVariation(weight, SlabGradient(shape)),
      pointwise: try PointwisePenalty(bounds: 0...2))
  }

  private func solver() -> PrimalDual {
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance, solver.balance) = (4000, 1e-7, 1)
    return solver
  }

  @Test("It comes to the minimum of the proximal gradient method")
  func agreement() throws {
    let objective = try objective(Square(domainCount: shape.count))
    var (one, two) = (trueValues { _ in 1 }, trueValues { _ in 1 })
    let first = try solver().minimise(objective, from: &one)
    var descent = ProximalGradient()
    (descent.iterationLimit, descent.tolerance, descent.innerIterations) = (600, 1e-8, 40)
    let second = try descent.minimise(objective, from: &two)
    let values = (try #require(first.objective.last), try #require(second.objective.last))
    #expect(first.stop == .settled)
    #expect(abs(values.0 - values.1) < 1e-4 * values.1)
    #expect(relativeError(of: one.span, against: two.span) < 2e-3)
  }

  @Test("A model that neither is linear nor has a bound is refused")
  func unbounded() throws {
    let objective = try objective(Unbounded(square: Square(domainCount: shape.count)))
    var x = trueValues { _ in 1 }
    #expect(throws: InversionError.unbounded) { try solver().minimise(objective, from: &x) }
  }

  @Test("Duals of a similar objective are a better start than none")
  func duals() throws {
    let model = Square(domainCount: shape.count)
    var solver = solver()
    solver.tolerance = 1e-5
    var x = trueValues { _ in 1 }
    var duals: [FloatStorage] = []
    try solver.minimise(try objective(model), from: &x, duals: &duals)
    #expect(duals.count == 2)
    var (again, none) = (x, [FloatStorage]())
    let next = try objective(model, weight: 0.11)
    let cold = try solver.minimise(next, from: &again, duals: &none)
    let warm = try solver.minimise(next, from: &x, duals: &duals)
    #expect(4 * warm.iterations < 3 * cold.iterations)
  }

  @Test("What is found does not depend on whether the objective is tracked")
  func tracking() throws {
    let objective = try objective(Square(domainCount: shape.count))
    var (one, two) = (trueValues { _ in 1 }, trueValues { _ in 1 })
    var solver = solver()
    let tracked = try solver.minimise(objective, from: &one)
    solver.tracksObjective = false
    let silent = try solver.minimise(objective, from: &two)
    #expect(relativeError(of: two.span, against: one.span) == 0)
    #expect(silent.residual == tracked.residual && silent.objective.isEmpty)
    #expect(silent.iterations == tracked.objective.count)
  }
}
