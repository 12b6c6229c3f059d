import Fields
import Operators

/// `f(x) = Σₖ λₖ Dₖ(Hₖ(x), yₖ)` and its gradient, with the scratch that they need.
struct SmoothFit {
  private let objective: Objective
  private let workers: Workers
  private var predictions: [FloatStorage]
  private var pullback: FloatStorage

  init(_ objective: Objective, _ workers: Workers) {
    (self.objective, self.workers) = (objective, workers)
    predictions = objective.fidelities.map { FloatStorage(zeros: $0.shape.count) }
    pullback = FloatStorage(zeros: objective.fidelities[0].model.domainCount)
  }

  mutating func value(at x: borrowing FloatStorage) -> Double {
    var sum = 0.0
    for k in predictions.indices {
      objective.fidelities[k].predict(x, into: &predictions[k])
      sum += objective.fidelities[k].value(predictions[k], workers)
    }
    return sum
  }

  /// `g ← Σₖ λₖ Jₖᵀ ∂Dₖ/∂u`
  ///
  /// - Returns: `f(x)`
  mutating func gradient(
    at x: borrowing FloatStorage, into gradient: inout FloatStorage
  ) -> Double {
    var sum = 0.0
    for k in predictions.indices {
      let term = objective.fidelities[k]
      term.predict(x, into: &predictions[k])
      sum += term.value(predictions[k], workers)
      term.formGradient(&predictions[k], workers)
      term.pullBack(predictions[k], at: x, into: &pullback)
      workers.combine(k == 0 ? 0 : 1, &gradient, term.weight, pullback)
    }
    return sum
  }

  /// `1/L` along the gradient at `x`: `‖s‖ / ‖∇f(x + s) − ∇f(x)‖`, refined by power iteration.
  mutating func firstStep(
    at x: borrowing FloatStorage, gradient: inout FloatStorage, scratch: inout FloatStorage
  ) -> Double {
    var base = FloatStorage(zeros: gradient.count)
    _ = self.gradient(at: x, into: &base)
    let size = workers.inner(base, base).squareRoot()
    guard size > 0 else { return 1 }
    // A step that is small against x, and yet not lost in Float.
    let reach = max(1e-2 * workers.inner(x, x).squareRoot(), 1e-3)
    workers.combine(0, &gradient, 1, base)
    var curvature = 0.0
    for _ in 0..<8 {
      let norm = workers.inner(gradient, gradient).squareRoot()
      guard norm > 0 else { break }
      workers.combine(0, &scratch, 1, x)
      workers.combine(1, &scratch, Float(reach / norm), gradient)
      _ = self.gradient(at: scratch, into: &gradient)
      workers.combine(1, &gradient, -1, base)
      curvature = workers.inner(gradient, gradient).squareRoot() / reach
    }
    return curvature > 0 ? 1 / curvature : 1
  }
}
