import Fields
import Inversion
import RealModule

/// How the objective is minimised.
public enum FusionSolver: String, Sendable, Codable, CaseIterable {
  /// Accelerated, with restart; any model.
  case proximalGradient = "proximal-gradient"
  /// Chambolle and Pock's preconditioned ADMM; linear models.
  case primalDual = "primal-dual"
}

/// How far a fit is driven.
struct Effort {
  var iterations: Int
  var tolerance: Double
}

extension FusionProblem {
  /// Minimises from `x`, and overwrites it.
  func solve(
    _ μ: Double, from x: inout FloatStorage, _ effort: Effort,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> SolverReport {
    switch solver {
    case .proximalGradient:
      var method = ProximalGradient()
      (method.iterationLimit, method.tolerance) = (effort.iterations, effort.tolerance)
      method.workers = data.workers
      return try method.minimise(try objective(μ), from: &x) { _ in !isCancelled() }
    case .primalDual:
      var method = PrimalDual()
      (method.iterationLimit, method.tolerance) = (effort.iterations, effort.tolerance)
      (method.leastIterations, method.workers) = (20, data.workers)
      return try method.minimise(try linearObjective(μ), from: &x) { _ in !isCancelled() }
    }
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
