package import Fields
package import Inversion
import RealModule
import Transforms

/// How far a fit is driven.
package struct Effort {
  var iterations: Int
  var tolerance: Double
  var tracksObjective: Bool

  package init(iterations: Int, tolerance: Double, tracksObjective: Bool = false) {
    (self.iterations, self.tolerance) = (iterations, tolerance)
    self.tracksObjective = tracksObjective
  }
}

/// Step ratios, and how long runs go on, at which errors fell fastest: docs/decisions/fusion-solver.md.
struct Pace {
  /// `balance` and `penaltyShare` of the primal-dual method, for one map alone and for all together.
  let map: (balance: Double, penaltyShare: Double)
  let fused: (balance: Double, penaltyShare: Double)
  /// The same for unknowns that are mixtures.
  let mixed: (balance: Double, penaltyShare: Double)
  let firstTrial: Int
  let laterTrials: Int

  static let images = Pace(
    map: (1, 8), fused: (16, 1), mixed: (1, 1), firstTrial: 200, laterTrials: 120)
  static let series = Pace(
    map: (4, 0.5), fused: (32, 4), mixed: (1, 1), firstTrial: 300, laterTrials: 150)

  /// The first trial starts far from its minimum, the others near theirs.
  func trial(_ isFirst: Bool) -> Effort {
    Effort(iterations: isFirst ? firstTrial : laterTrials, tolerance: 3e-5)
  }
}

extension FusionProblem {
  var pace: Pace { data.haadf.pictures.count > 1 ? .series : .images }

  /// Whether HAADF couples the elements of an image, so that the unknowns are mixtures of them.
  var isMixed: Bool {
    calibration != nil && data.haadf.pictures.count == 1 && data.maps.count > 1
  }

  /// Minimises from `x`, and overwrites it, by the preconditioned method of Chambolle and Pock.
  ///
  /// - Parameters:
  ///   - duals: where the method begins and ends; none stand for zeros.
  ///   - anchor: of the total variation of ``VariationOfMixtures``.
  package func solve(
    _ μ: Double, from x: inout FloatStorage, duals: inout [FloatStorage], _ effort: Effort,
    anchor: FloatStorage? = nil, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> SolverReport {
    var method = PrimalDual()
    (method.iterationLimit, method.tolerance) = (effort.iterations, effort.tolerance)
    (method.leastIterations, method.workers) = (20, data.workers)
    method.tracksObjective = effort.tracksObjective
    if isMixed { return try solveMixed(μ, &method, &x, &duals, anchor, isCancelled) }
    (method.balance, method.penaltyShare) = calibration == nil ? pace.map : pace.fused
    // Steps hold where the derivative of x^γ is bounded, and that is where x is.
    var bound =
      model == .power && calibration != nil
      ? 2 * max(largest(x.span), .leastNormalMagnitude) : .infinity
    while true {
      let report = try method.minimise(
        try objective(μ, upTo: bound, anchor: anchor), from: &x, duals: &duals
      ) { _ in !isCancelled() }
      guard largest(x.span) > 0.999 * bound, report.stop != .cancelled else { return report }
      bound *= 2
    }
  }

  private func largest(_ x: Span<Float>) -> Float {
    x.indices.reduce(0) { max($0, x[$1]) }
  }

  /// A fit with total variation, and the second one that has its edges but their full contrast:
  /// ``VariationOfMixtures``.
  package struct Fit {
    /// Of the first fit.
    package var smooth: FloatStorage
    /// Of the second one.
    package var unbiased: FloatStorage
    fileprivate var duals: [FloatStorage] = []
    package var report = SolverReport()

    package init(from x: FloatStorage) { (smooth, unbiased) = (x, x) }
    var isFresh: Bool { duals.isEmpty }

    /// `(1 − t) smooth + t unbiased`: the error of the one is what it smooths away, of the other what it keeps of noise,
    /// and a mixture has less of both.
    func blend(_ t: Double) -> FloatStorage {
      var blend = smooth
      var values = blend.mutableSpan
      for i in values.indices { values[i] += Float(t) * (unbiased.span[i] - values[i]) }
      return blend
    }
  }

  /// How much stronger the variation of the second fit is.
  static let strengthening = 10.0

  /// Rounds in which contrast is given back at most.
  static let mostRounds = 4

  /// The first fit alone.
  func smoothFit(
    _ μ: Double, _ fit: inout Fit, _ effort: Effort, isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    fit.report = try solve(
      μ, from: &fit.smooth, duals: &fit.duals, effort, isCancelled: isCancelled)
  }

  /// - Parameter goesOn: whether contrast is given back once more, after so many rounds.
  package func fit(
    _ μ: Double, _ fit: inout Fit, _ effort: Effort,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    goesOn: (_ rounds: Int, borrowing Fit) throws -> Bool = { _, _ in false }
  ) throws {
    try smoothFit(μ, &fit, effort, isCancelled: isCancelled)
    guard data.haadf.pictures.count == 1 else { return fit.unbiased = fit.smooth }
    let gain = Float(Self.strengthening)
    let elements = data.maps.count * data.gradient.rangeCount
    var stronger = self
    for e in data.maps.indices { stronger.variationShares[e] *= Self.strengthening }
    var duals = fit.duals
    var penalty = duals[0].mutableSpan
    for i in 0..<elements { penalty[i] *= gain }
    fit.unbiased = fit.smooth
    let nothing = FloatStorage(zeros: fit.smooth.count)
    for round in 1... {
      // Over-relaxed duals may lie beyond their bounds, where a jump would be paid for.
      var anchor = duals[0]
      try stronger.variation(μ).formDual(&anchor, from: nothing.span, step: 1, relaxation: 1)
      var values = anchor.mutableSpan
      for i in elements..<values.count { values[i] = 0 }
      let report = try stronger.solve(
        μ, from: &fit.unbiased, duals: &duals, effort, anchor: anchor, isCancelled: isCancelled)
      guard report.stop != .cancelled, try goesOn(round, fit) else { return }
    }
  }
}
