import Fields
import Inversion
import Operators
import TestSupport
import Testing
import Transforms

@Suite("PrimalDual and ProximalGradient")
struct SolverTests {
  let shape = SlabShape(sliceCount: 3, pageCount: 6, positionCount: 5)
  let workers = Workers(2)

  /// Values in true slices only.
  func field(seed: UInt64, _ low: Float, _ high: Float) -> FloatStorage {
    let values = noise(count: shape.count, seed: seed, low, high)
    return FloatStorage(
      (0..<shape.count).map { $0 % shape.laneCount < shape.sliceCount ? values.span[$0] : 0 })
  }

  /// What lies along the diagonal of a field, seen in every slice.
  struct Diagonal: LinearOperator {
    let factors: FloatStorage
    var domainCount: Int { factors.count }
    var rangeCount: Int { factors.count }
    func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
      for i in x.indices { y[i] = factors.span[i] * x[i] }
    }
    func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
      apply(y, into: x)
    }
  }

  func objective(
    _ discrepancy: any SmoothDiscrepancy, _ regulariser: (any Regulariser)?,
    _ pointwise: PointwisePenalty = .nonNegative, low: Float = -0.5
  ) throws -> Objective {
    let model = Diagonal(factors: noise(count: shape.count, seed: 1, 0.5, 2))
    let fidelity = try DataFidelity(
      discrepancy, of: model, to: field(seed: 2, low, 2), shape, weight: 1.5)
    return Objective([fidelity], regulariser: regulariser, pointwise: pointwise)
  }

  func regularisers() throws -> [(any Regulariser)?] {
    let gradient = SlabGradient(shape, workers: workers)
    return [
      nil, try TotalVariation(0.3, gradient), try SquaredGradient(0.5, gradient),
      try TotalVariation(0.3, SlabGradient(shape, reach: .slice, workers: workers)),
      try WaveletSparsity(0.3, SlabWavelet(shape, wavelet: .haar, workers: workers)),
    ]
  }

  func solver() -> PrimalDual {
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance, solver.workers) = (4000, 1e-8, workers)
    solver.balance = 1
    return solver
  }

  @Test("both solvers find the same minimum", arguments: 0..<5, [0, 1, 2, 3])
  func agreement(index: Int, kind: Int) throws {
    let pointwise =
      try [
        .nonNegative, .free, PointwisePenalty(sparsity: 0.2, bounds: -1...0.6),
        PointwisePenalty(sparsity: 0.1, square: 0.7),
      ][kind]
    let objective = try objective(SquaredDistance(), try regularisers()[index], pointwise)
    var one = FloatStorage(zeros: shape.count)
    let first = try solver().minimise(objective, from: &one)
    var descent = ProximalGradient()
    (descent.iterationLimit, descent.tolerance, descent.workers) = (400, 1e-8, workers)
    descent.innerIterations = 40
    var two = FloatStorage(zeros: shape.count)
    let second = try descent.minimise(objective, from: &two)
    let values = (try #require(first.objective.last), try #require(second.objective.last))
    #expect(abs(values.0 - values.1) < 1e-5 * values.0 + 1e-9)
    #expect(relativeError(of: one.span, against: two.span) < 1e-3)
  }

  @Test("both solvers agree on counts over a background", arguments: 0..<5)
  func counts(index: Int) throws {
    let objective = try objective(
      KullbackLeibler(background: RunFactors(uniform: 0.5)), try regularisers()[index], low: 0)
    var one = FloatStorage(zeros: shape.count)
    let first = try solver().minimise(objective, from: &one)
    var descent = ProximalGradient()
    (descent.iterationLimit, descent.tolerance, descent.workers) = (600, 1e-8, workers)
    descent.innerIterations = 40
    var two = FloatStorage(zeros: shape.count)
    let second = try descent.minimise(objective, from: &two)
    let values = (try #require(first.objective.last), try #require(second.objective.last))
    #expect(abs(values.0 - values.1) < 1e-5 * abs(values.0))
    #expect(relativeError(of: one.span, against: two.span) < 2e-3)
  }

  @Test("padding lanes stay zero, even where values may be negative")
  func padding() throws {
    let objective = try objective(
      KullbackLeibler(background: RunFactors(uniform: 0.5)), try regularisers()[1],
      PointwisePenalty(bounds: -0.1...3), low: 0)
    var (one, two) = (FloatStorage(zeros: shape.count), FloatStorage(zeros: shape.count))
    var solver = solver()
    solver.iterationLimit = 20
    try solver.minimise(objective, from: &one)
    var descent = ProximalGradient()
    descent.iterationLimit = 5
    try descent.minimise(objective, from: &two)
    let padding = one.span.indices.allSatisfy {
      $0 % shape.laneCount < shape.sliceCount || one.span[$0] == 0 && two.span[$0] == 0
    }
    #expect(padding)
  }

  @Test("without a prior, a dense overdetermined fit is the least-squares solution")
  func leastSquares() throws {
    let model = DenseOperator(rows: 40, columns: 12, seed: 3)
    let truth = noise(count: 12, seed: 4, -1, 1)
    var y = FloatStorage(zeros: 40)
    model.apply(truth.span, into: y.mutableSpan)
    let fidelity = try DataFidelity(
      SquaredDistance(), of: model, to: y, flat(40))
    let objective = Objective([fidelity], pointwise: .free)
    var x = FloatStorage(zeros: 12)
    let report = try solver().minimise(objective, from: &x)
    #expect(report.stop == .settled)
    #expect(relativeError(of: x.span, against: truth.span) < 1e-4)
    var z = FloatStorage(zeros: 12)
    var descent = ProximalGradient()
    descent.tolerance = 1e-7
    try descent.minimise(objective, from: &z)
    #expect(relativeError(of: z.span, against: truth.span) < 1e-4)
  }

  @Test("two measurements of very different scale are fitted together")
  func two() throws {
    let truth = noise(count: 10, seed: 5, 0, 1)
    let fidelities = try [1, 100].map { size in
      let model = DenseOperator(
        DenseOperator(rows: 12, columns: 10, seed: 6 + UInt64(size)), times: Float(size))
      var y = FloatStorage(zeros: 12)
      model.apply(truth.span, into: y.mutableSpan)
      return try DataFidelity(
        SquaredDistance(), of: model, to: y, flat(12), weight: 1 / Float(size * size))
    }
    var x = FloatStorage(zeros: 10)
    try solver().minimise(Objective(fidelities), from: &x)
    #expect(relativeError(of: x.span, against: truth.span) < 1e-3)
  }

  @Test("the number of workers changes no bit")
  func threads() throws {
    let results = try [1, 2, 5].map { count in
      let shape = SlabShape(sliceCount: 33, pageCount: 20, positionCount: 9)
      let gradient = SlabGradient(shape, workers: Workers(count))
      let y = noise(count: shape.count, seed: 8, 0, 1)
      let model = Diagonal(factors: FloatStorage(repeating: 1, count: shape.count))
      let fidelity = try DataFidelity(
        SquaredDistance(), of: model, to: y, shape)
      var solver = PrimalDual()
      (solver.iterationLimit, solver.tolerance, solver.workers) = (15, 0, Workers(count))
      var x = FloatStorage(zeros: shape.count)
      let report = try solver.minimise(
        Objective([fidelity], regulariser: try TotalVariation(0.1, gradient)), from: &x)
      return (x, report)
    }
    let (alone, report) = results[0]
    for (x, other) in results.dropFirst() {
      #expect(relativeError(of: x.span, against: alone.span) == 0)
      #expect(other == report)
    }
  }

  @Test("a caller can end a run, and the report says so")
  func cancellation() throws {
    var x = FloatStorage(zeros: shape.count)
    let report = try solver().minimise(try objective(SquaredDistance(), nil), from: &x) {
      $0.iterations < 3
    }
    #expect(report.stop == .cancelled && report.iterations == 3)
  }

  @Test("settings that cannot work are refused")
  func settings() throws {
    let objective = try objective(SquaredDistance(), nil)
    var x = FloatStorage(zeros: shape.count)
    var solver = PrimalDual()
    solver.relaxation = 2
    #expect(throws: InversionError.setting("relaxation", 2)) {
      try solver.minimise(objective, from: &x)
    }
    #expect(throws: InversionError.bounds(1, 2)) { try PointwisePenalty(bounds: 1...2) }
    let unknowns = Objective(
      objective.fidelities, regulariser: try TotalGeneralisedVariation(1, SlabGradient(shape)))
    #expect(throws: InversionError.auxiliaryUnknowns) {
      try ProximalGradient().minimise(unknowns, from: &x)
    }
    #expect(throws: InversionError.weight(-1)) { try PointwisePenalty(square: -1) }
    #expect(throws: InversionError.weight(0)) { try TotalVariation(0, SlabGradient(shape)) }
  }
}

extension DenseOperator {
  init(_ other: DenseOperator, times factor: Float) {
    (rangeCount, domainCount) = (other.rangeCount, other.domainCount)
    entries = FloatStorage((0..<other.entries.count).map { factor * other.entries.span[$0] })
  }
}
