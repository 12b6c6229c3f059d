package import DenseAlgebra

/// A signal that was got back.
package struct SignalEstimate: Sendable {
  package let x: [Double]
  /// `Σ φᵢ`, the trace of the map from data to prediction, for a linear method.
  package var freedom: Double?
  /// 0 for a direct method.
  package var iterations = 0
  /// Whether an iteration met its tolerance.
  package var isSettled = true
}

/// One problem, solved for one λ after another.
///
/// The operator is decomposed once. An iterative method starts each λ from the solution before, so
/// that results depend, within its tolerance, on the order.
package struct SignalSolver: Sendable {
  package let problem: SignalProblem
  private let form: SpectralForm?
  private var split: SplitSolver?
  private let roughness: Matrix?

  /// How closely an iterative method is solved.
  enum Accuracy {
    /// To judge one λ among many: residuals below 1e-5, 1500 iterations at most.
    case draft
    /// Residuals below 1e-7, 20 000 iterations at most.
    case final
  }

  /// - Throws: `DenseError` where the operator cannot be decomposed.
  /// - Complexity: O(n³)
  package init(_ problem: SignalProblem) throws(DenseError) {
    try self.init(problem, .final)
  }

  init(_ problem: SignalProblem, _ accuracy: Accuracy) throws(DenseError) {
    self.problem = problem
    let (h, method) = (problem.blur.matrix, problem.method)
    let isIterative = method == .tv || method == .l1 || problem.isNonNegative
    switch method {
    case .richardsonLucy: (form, split, roughness) = (nil, nil, nil)
    case _ where isIterative:
      form = nil
      var solver = SplitSolver(h, problem.measurement)
      if accuracy == .draft { (solver.tolerance, solver.iterationLimit) = (1e-5, 1500) }
      split = solver
      let isQuadratic = method == .tikhonov || method == .gradient
      roughness = isQuadratic ? method.penalty.matrix(h.columnCount).gram : nil
    default:
      form = try SpectralForm(h, method.penalty)
      (split, roughness) = (nil, nil)
    }
  }

  /// The same operator and method on another measurement, without decomposing again.
  ///
  /// - Precondition: the method is linear and x ≥ 0 is not asked for.
  package func estimate(of y: [Double], lambda: Double) -> [Double] {
    guard let form else { preconditionFailure("only linear methods take another measurement") }
    return form.solution(y, filter(lambda, form))
  }

  /// Solves for one λ, which a method without one does not read.
  ///
  /// - Throws: ``DeblurringError`` where λ cannot be used, or `DenseError`.
  package mutating func estimate(lambda: Double) throws -> SignalEstimate {
    if problem.method.hasLambda {
      guard lambda > 0 && lambda.isFinite else { throw DeblurringError.lambda(lambda) }
    }
    if let form {
      let filter = filter(lambda, form)
      return SignalEstimate(
        x: form.solution(problem.measurement, filter),
        freedom: problem.method.isLinear ? filter.factors(form).reduce(0, +) : nil)
    }
    guard split != nil else { return richardsonLucy() }
    let bound = problem.isNonNegative
    let terms: [SplitSolver.Term] =
      switch problem.method {
      case .tv:
        [.init(kind: .variation, weight: lambda)]
          + (bound ? [.init(kind: .bound, isNonNegative: true)] : [])
      case .l1: [.init(kind: .sparsity, weight: lambda, isNonNegative: bound)]
      default: [.init(kind: .bound, isNonNegative: true)]
      }
    guard let outcome = try split?.minimise(terms, quadratic: roughness.map { lambda * $0 })
    else { preconditionFailure("the solver was made with the problem") }
    return SignalEstimate(
      x: outcome.x, iterations: outcome.iterations, isSettled: outcome.isSettled)
  }

  private func filter(_ lambda: Double, _ form: SpectralForm) -> SpectralFilter {
    switch problem.method {
    case .naive: .open
    case .tsvd: .truncated(lambda: lambda)
    case .wiener:
      .wiener(
        signalToNoise: ComponentSNR(form, problem.measurement, noise: problem.noise ?? 0).ratios)
    default: .tikhonov(lambda: lambda)
    }
  }

  /// `x ← x / (Hᵀ1) · Hᵀ(y / Hx)`, begun at a constant.
  ///
  /// - Reference: W. H. Richardson, J. Opt. Soc. Am. 62, 55 (1972); L. B. Lucy, Astron. J. 79, 745
  ///   (1974).
  private func richardsonLucy() -> SignalEstimate {
    let (h, y) = (problem.blur.matrix, problem.measurement)
    let sensitivity = h.transposedTimes(y.map { _ in 1 })
    let total = sensitivity.reduce(0, +)
    var x = [Double](repeating: y.reduce(0, +) / total, count: h.columnCount)
    for _ in 0..<problem.iterationCount {
      let ratio = zip(y, h * x).map { $1 > 0 ? $0 / $1 : 0 }
      let update = h.transposedTimes(ratio)
      for j in x.indices { x[j] *= update[j] / sensitivity[j] }
    }
    return SignalEstimate(x: x, iterations: problem.iterationCount)
  }
}
