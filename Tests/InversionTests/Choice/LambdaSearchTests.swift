import Foundation
import Inversion
import Testing

@Suite("LambdaSearch")
struct LambdaSearchTests {
  /// residual = √(0.01 + λ²), held-out error with its minimum at `best`.
  func attempt(best: Double) -> (Double) -> LambdaTrial {
    { lambda in
      let distance = log(lambda / best)
      return LambdaTrial(
        lambda: lambda, mu: lambda, residual: (0.01 + lambda * lambda).squareRoot(), penalty: 1,
        heldOut: 1 + 0.1 * distance * distance, iterations: 1)
    }
  }

  @Test("a minimum below or above the start is found", arguments: [0.003, 0.03, 0.1, 0.9, 20])
  func minimum(best: Double) {
    let found = LambdaSearch().minimum(of: \.heldOut, attempt(best: best))
    #expect(abs(found.lambda / best - 1) < 0.02)
    #expect(!found.isAtEdge)
    #expect(found.trials.count <= 16)
  }

  @Test("a minimum that the limit does not let it reach is said to lie at the edge")
  func edge() {
    var search = LambdaSearch()
    search.limit = 4
    #expect(search.minimum(of: \.heldOut, attempt(best: 1e-4)).isAtEdge)
  }

  @Test("where the value hardly depends on λ, the strongest that is nearly as good is taken")
  func flat() {
    // 5 % above the floor at λ = 0.01, and ever closer to it below.
    let found = LambdaSearch().minimum(of: \.heldOut) { lambda in
      LambdaTrial(
        lambda: lambda, mu: lambda, residual: 1, penalty: 1, heldOut: 100 * (1 + 5 * lambda),
        iterations: 1)
    }
    #expect(found.isFlat)
    #expect(found.lambda <= 0.0101 && found.lambda > 0.005)
  }

  @Test("where noise alone explains the value, a flat curve is no reason to leave its minimum")
  func noiseAlone() {
    let attempt = { (lambda: Double) in
      let distance = log(lambda / 0.00625)
      return LambdaTrial(
        lambda: lambda, mu: lambda, residual: 1, penalty: 1,
        heldOut: 1 + 2e-3 * distance * distance, heldOutNoise: 0.99, iterations: 1)
    }
    let known = LambdaSearch().minimum(of: \.heldOut, noise: \.heldOutNoise, attempt)
    #expect(!known.isFlat)
    #expect(abs(known.lambda / 0.00625 - 1) < 0.02)
    let far = LambdaSearch().minimum(of: \.heldOut, noise: { _ in 0.5 }, attempt)
    #expect(far.isFlat && far.lambda > 0.05)
  }

  @Test("the residual meets its level within the tolerance", arguments: [0.101, 0.15, 0.5, 3])
  func root(level: Double) {
    let found = LambdaSearch().root(residual: level, attempt(best: 1))
    let residual = (0.01 + found.lambda * found.lambda).squareRoot()
    #expect(abs(residual / level - 1) <= 0.01)
    #expect(!found.isAtEdge)
  }

  @Test("a level below every residual is said to be out of reach")
  func outOfReach() {
    #expect(LambdaSearch().root(residual: 0.05, attempt(best: 1)).isAtEdge)
  }
}
