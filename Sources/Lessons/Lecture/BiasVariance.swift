package import Deblurring
import Statistics

/// How the error of a linear method splits into bias and variance along λ, over draws of the noise.
///
///     E ‖x̂ − x‖² / n  =  ‖E x̂ − x‖² / n  +  E ‖x̂ − E x̂‖² / n
///
/// The method being linear, E x̂ is its estimate from the measurement without noise; the other E is the
/// mean over the draws.
package struct BiasVariance: Sendable {
  package struct Point: Sendable, Hashable {
    package let lambda: Double
    /// `‖E x̂ − x‖² / n`
    package let squaredBias: Double
    package let variance: Double

    package var meanSquareError: Double { squaredBias + variance }
  }

  package let points: [Point]

  /// - Parameters:
  ///   - lecture: object, operator and noise level.
  ///   - method: `tsvd`, `tikhonov` or `gradient`.
  ///   - draws: at least one.
  /// - Throws: `DeblurringError.notLinear` for another method.
  package init(
    _ lecture: Lecture, _ method: SignalMethod, _ grid: LambdaGrid, draws: Int, seed: UInt64 = 1
  ) throws {
    guard method.isLinear && method.hasLambda else {
      throw DeblurringError.notLinear(rule: "bias and variance", method: method.rawValue)
    }
    let (clean, truth) = (lecture.clean, lecture.truth)
    let solver = try SignalSolver(try SignalProblem(lecture.blur, clean, method))
    let measurements = (0..<draws).map { draw in
      clean.enumerated().map { index, value in
        var random = SplitMix64(seed: seed, tilt: draw, slice: 0, bin: index)
        return value + lecture.noiseLevel * random.gaussian()
      }
    }
    func square(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(truth.count)
    }
    points = grid.values.map { lambda in
      let mean = solver.estimate(of: clean, lambda: lambda)
      let spread = measurements.reduce(0) {
        $0 + square(solver.estimate(of: $1, lambda: lambda), mean)
      }
      return Point(
        lambda: lambda, squaredBias: square(mean, truth), variance: spread / Double(draws))
    }
  }
}
