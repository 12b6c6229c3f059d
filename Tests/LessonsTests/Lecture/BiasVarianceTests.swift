import Deblurring
import DenseAlgebra
import Lessons
import Testing

@Suite("BiasVariance")
struct BiasVarianceTests {
  @Test("bias is that of the filter's formula, and variance within what 400 draws can tell")
  func formula() throws {
    let lecture = Lecture.peaks
    let grid = try #require(LambdaGrid(from: 1e-3, to: 10, count: 9))
    let study = try BiasVariance(lecture, .tikhonov, grid, draws: 400)
    let svd = try SingularValues(lecture.blur.matrix)
    let parts = svd.vt * lecture.truth
    for point in study.points {
      var (bias, variance) = (0.0, 0.0)
      for (σ, part) in zip(svd.values, parts) {
        let damping = point.lambda / (σ * σ + point.lambda)
        bias += damping * damping * part * part / 64
        variance += 0.01 * (σ / (σ * σ + point.lambda)) * (σ / (σ * σ + point.lambda)) / 64
      }
      #expect(abs(point.variance / variance - 1) < 0.1, "\(point.lambda)")
      #expect(abs(point.squaredBias / bias - 1) < 1e-9, "\(point.lambda)")
    }
  }

  @Test("bias grows with λ, variance falls, and the sum is smallest between")
  func crossing() throws {
    let study = try BiasVariance(.peaks, .tikhonov, Lecture.grid, draws: 50)
    let points = study.points
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.variance > $1.variance })
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.squaredBias < $1.squaredBias })
    let best = try #require(
      points.indices.min { points[$0].meanSquareError < points[$1].meanSquareError })
    #expect(points[best].lambda > 0.09 && points[best].lambda < 0.3)
  }

  @Test("the same seed gives the same numbers, another seed others")
  func seeds() throws {
    let grid = try #require(LambdaGrid(from: 0.1, to: 1, count: 5))
    let first = try BiasVariance(.peaks, .tikhonov, grid, draws: 3, seed: 1).points
    #expect(try BiasVariance(.peaks, .tikhonov, grid, draws: 3, seed: 1).points == first)
    #expect(try BiasVariance(.peaks, .tikhonov, grid, draws: 3, seed: 2).points != first)
  }

  @Test("a method that is not linear has no such split")
  func nonlinear() {
    #expect(throws: DeblurringError.notLinear(rule: "bias and variance", method: "tv")) {
      try BiasVariance(.peaks, .tv, Lecture.grid, draws: 2)
    }
  }
}
