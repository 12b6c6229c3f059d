import DenseAlgebra
package import Inversion

/// What a problem comes to for one λ after another.
package struct SignalSweep: Sendable {
  package struct Point: Sendable {
    package let lambda: Double
    /// `‖Hx − y‖`
    package let residual: Double
    /// `R(x)` as a length.
    package let penalty: Double
    package let estimate: SignalEstimate
    /// Against the truth, where that is known.
    package var rmse: Double?
    /// The root mean square error of predicting samples that were left out.
    package var heldOut: Double?
    /// The root mean square of x in the reference, over the largest |x|.
    package var leak: Double?
  }

  package let problem: SignalProblem
  /// From the smallest λ up.
  package internal(set) var points: [Point]

  /// Iterative methods are solved to 1e-5 only, which is enough to compare values of λ.
  ///
  /// - Parameter truth: of as many samples as the unknown, where it is known.
  package init(_ problem: SignalProblem, _ grid: LambdaGrid, truth: [Double]? = nil) throws {
    self.problem = problem
    var solver = try SignalSolver(problem, .draft)
    points = try grid.values.reversed().map { lambda in
      try Self.point(of: &solver, lambda, truth: truth)
    }.reversed()
  }

  static func point(
    of solver: inout SignalSolver, _ lambda: Double, truth: [Double]?
  ) throws -> Point {
    let problem = solver.problem
    let estimate = try solver.estimate(lambda: lambda)
    let seen = problem.blur.matrix * estimate.x
    let residual = rootMeanSquareError(seen, problem.measurement) * Double(seen.count).squareRoot()
    return Point(
      lambda: lambda, residual: residual, penalty: problem.penalty(of: estimate.x),
      estimate: estimate, rmse: truth.map { rootMeanSquareError(estimate.x, $0) })
  }

  /// The points as what the rules of `Inversion` decide on, with residuals as root mean squares.
  package var trials: [LambdaTrial] { points.map { trial($0) } }

  /// The same without those that give the estimate of the one before, as truncation does between two singular values:
  /// a curve that stands still has no direction, and rounding would give it one.
  var distinctTrials: [LambdaTrial] {
    trials.reduce(into: []) { kept, trial in
      func isNew(_ value: (LambdaTrial) -> Double) -> Bool {
        kept.last.map { abs(value($0) - value(trial)) > 1e-9 * abs(value(trial)) } ?? true
      }
      if isNew(\.residual) || isNew(\.penalty) { kept.append(trial) }
    }
  }

  func trial(_ point: Point) -> LambdaTrial {
    let count = Double(problem.measurement.count)
    return LambdaTrial(
      lambda: point.lambda, residual: point.residual / count.squareRoot(), penalty: point.penalty,
      heldOut: point.heldOut, degreesOfFreedom: point.estimate.freedom.map { $0 / count },
      error: point.rmse, vacuumResidual: point.leak, iterations: point.estimate.iterations)
  }

  /// Fills ``Point/heldOut``: sample i is predicted from those j with `j mod folds ≠ i mod folds`.
  mutating func predict(folds: Int) throws {
    let count = problem.measurement.count
    guard folds >= 2 && folds <= count / 2 else {
      throw DeblurringError.folds(folds, samples: count)
    }
    var sums = [Double](repeating: 0, count: points.count)
    for fold in 0..<folds {
      let kept = (0..<count).filter { $0 % folds != fold }
      var solver = try SignalSolver(problem.keeping(kept), .draft)
      for k in points.indices.reversed() {
        let seen = problem.blur.matrix * (try solver.estimate(lambda: points[k].lambda)).x
        for i in stride(from: fold, to: count, by: folds) {
          sums[k] += (seen[i] - problem.measurement[i]) * (seen[i] - problem.measurement[i])
        }
      }
    }
    for k in points.indices { points[k].heldOut = (sums[k] / Double(count)).squareRoot() }
  }

  /// Fills ``Point/leak`` for samples that are known to hold nothing.
  mutating func watch(_ reference: Range<Int>) throws(DeblurringError) {
    let (first, end) = (reference.lowerBound, reference.upperBound)
    let h = problem.blur.matrix
    guard h.rowCount == h.columnCount
    else { throw .referenceNeedsSquare(rows: h.rowCount, columns: h.columnCount) }
    guard first >= 0 && end <= h.rowCount && first < end
    else { throw .reference(first: first, end: end, count: h.rowCount) }
    let part = Array(problem.measurement[reference])
    let mean = part.reduce(0, +) / Double(part.count)
    let spread = rootMeanSquareError(part, part.map { _ in mean })
    let largest = problem.measurement.reduce(0) { max($0, abs($1)) }
    // Noise that matters moves the result; what is filled in or rounded does not vary.
    guard spread > 1e-6 * largest else { throw .referenceSilent(first: first, end: end) }
    for k in points.indices {
      let x = points[k].estimate.x
      let level = rootMeanSquareError(Array(x[reference]), part.map { _ in 0 })
      points[k].leak = level / max(x.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    }
  }
}
