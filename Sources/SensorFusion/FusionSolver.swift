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

  /// `−log` likelihood of the pixels that the fit did not see.
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
      for i in u.indices where LeftOut.contains(i, salt: e + 1) && isTrue(i, map.pictures) {
        let (u, y) = (Double(u[i]), Double(y[i]))
        switch map.noise {
        case .poisson(let background):
          let m = max(u + background, 0.02)
          sum += mapWeight * (m - (y > 0 ? y * .log(m) : 0))
        case .gaussian(let sigma):
          sum += mapWeight * (y - u) * (y - u) / (2 * sigma * sigma)
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
