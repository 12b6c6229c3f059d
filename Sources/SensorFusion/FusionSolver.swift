package import Fields
package import Inversion
import RealModule

/// How the objective is minimised.
public enum FusionSolver: String, Sendable, Codable, CaseIterable {
  /// Accelerated, with restart; any model.
  case proximalGradient = "proximal-gradient"
  /// Chambolle and Pock's preconditioned ADMM; any model.
  case primalDual = "primal-dual"
}

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
  let firstTrial: Int
  let laterTrials: Int

  static let images = Pace(map: (1, 8), fused: (16, 1), firstTrial: 60, laterTrials: 40)
  static let series = Pace(map: (4, 0.5), fused: (32, 4), firstTrial: 300, laterTrials: 150)

  /// The first trial starts far from its minimum, the others near theirs.
  func trial(_ duals: [FloatStorage]) -> Effort {
    Effort(iterations: duals.isEmpty ? firstTrial : laterTrials, tolerance: 1e-4)
  }
}

extension FusionProblem {
  var pace: Pace { data.haadf.pictures.count > 1 ? .series : .images }

  /// Minimises from `x`, and overwrites it.
  ///
  /// - Parameter duals: where the primal-dual method begins and ends; none stand for zeros.
  package func solve(
    _ μ: Double, from x: inout FloatStorage, duals: inout [FloatStorage], _ effort: Effort,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> SolverReport {
    switch solver {
    case .proximalGradient:
      var method = ProximalGradient()
      (method.iterationLimit, method.tolerance) = (effort.iterations, effort.tolerance)
      method.workers = data.workers
      return try method.minimise(try objective(μ), from: &x) { _ in !isCancelled() }
    case .primalDual:
      return try primalDual(μ, from: &x, duals: &duals, effort, isCancelled)
    }
  }

  private func primalDual(
    _ μ: Double, from x: inout FloatStorage, duals: inout [FloatStorage], _ effort: Effort,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SolverReport {
    var method = PrimalDual()
    (method.iterationLimit, method.tolerance) = (effort.iterations, effort.tolerance)
    (method.leastIterations, method.workers) = (20, data.workers)
    method.tracksObjective = effort.tracksObjective
    (method.balance, method.penaltyShare) = calibration == nil ? pace.map : pace.fused
    // Steps hold where the derivative of x^γ is bounded, and that is where x is.
    var bound =
      model == .power && calibration != nil
      ? 2 * max(largest(x.span), .leastNormalMagnitude) : .infinity
    while true {
      let report = try method.minimise(
        try objective(μ, upTo: bound), from: &x, duals: &duals
      ) { _ in !isCancelled() }
      guard largest(x.span) > 0.999 * bound, report.stop != .cancelled else { return report }
      bound *= 2
    }
  }

  private func largest(_ x: Span<Float>) -> Float {
    x.indices.reduce(0) { max($0, x[$1]) }
  }

  /// `−log` likelihood of what the fit did not see.
  func heldOutMisfit(_ x: borrowing FloatStorage) throws -> Double {
    var sum = 0.0
    if let calibration {
      let seen = try haadfSignal(x, calibration.coefficients)
      let variance = data.haadf.sigma * data.haadf.sigma
      let u = seen.span
      let measured = data.haadf.measurement
      let y = measured.span
      for i in u.indices where LeftOut.contains(i, salt: 0) && isTrue(i, data.haadf.pictures) {
        let r = Double(y[i]) - Double(u[i]) - calibration.offset
        sum += r * r / (2 * variance)
      }
    }
    for e in data.maps.indices {
      let map = data.maps[e]
      let measured = map.measurement
      let seen = mapSignal(x, e)
      let u = seen.span
      let y = measured.span
      switch map.noise {
      case .poisson(let background):
        // What is seen is the kept part; the other one is to it as 0.1 to 0.9.
        let share = (1 - LeftOut.kept) / keptShare(e)
        for i in u.indices where isTrue(i, map.pictures) {
          let m = max(share * Double(u[i]) + (1 - LeftOut.kept) * background, 0.005)
          let k = Double(LeftOut.counts(of: y[i], at: i, salt: e + 1))
          sum += mapWeight * (m - (k > 0 ? k * .log(m) : 0))
        }
      case .gaussian(let sigma):
        for i in u.indices where LeftOut.contains(i, salt: e + 1) && isTrue(i, map.pictures) {
          let r = Double(y[i]) - Double(u[i])
          sum += mapWeight * r * r / (2 * sigma * sigma)
        }
      }
    }
    return sum
  }

  private func isTrue(_ index: Int, _ pictures: Pictures) -> Bool {
    let shape = pictures.shape
    return index / shape.slabLength * shape.laneCount + index % shape.laneCount < shape.sliceCount
  }
}
