import Fields
import Statistics

/// What can be said of a solution that a denoiser stands behind (``PlugAndPlay``).
package struct DenoiserFacts: Sendable, Codable, Hashable {
  /// `‖x − D(x − ∇f(x) / μ)‖ / ‖x‖`, or `‖x − clip(D(x) − ∇f(x) / μ)‖ / ‖x‖` where `x − D(x)` is the gradient. Zero at a solution.
  package let fixedPointResidual: Double
  /// Of D once it is frozen, by power iteration; of a nonlinear one an estimate, of its derivative at x.
  package let largestEigenvalue: Double
  package let isLinear: Bool

  /// Why nothing is known of where the iterations lead.
  package var warning: String? {
    let value = (largestEigenvalue * 1000).rounded() / 1000
    if largestEigenvalue > 1 + 2e-3 {
      return """
        The largest eigenvalue of the denoiser is \(value)\(isLinear ? "" : ", estimated from differences"): above 1 there is no guarantee that \
        the iterations converge. The fixed-point residual is \(short(fixedPointResidual)).
        """
    }
    return isLinear
      ? nil
      : """
      The denoiser is not linear: that it does not expand (largest eigenvalue \(value)) is an estimate at the solution only, and no guarantee that the \
      iterations converge. The fixed-point residual is \(short(fixedPointResidual)).
      """
  }
}

extension PlugAndPlay {
  /// - Parameters:
  ///   - x: the solution.
  ///   - dual: `p`, which stands for −∇f where x is at a bound.
  ///   - auxiliary: of the regulariser; `D` is frozen first.
  func facts(
    _ objective: Objective, _ x: FloatStorage, dual: FloatStorage, auxiliary: [FloatStorage]
  ) throws(InversionError) -> DenoiserFacts {
    var state = Array(auxiliary.prefix(denoiser.stateCounts.count))
    denoiser.freeze(&state)
    var gradient = FloatStorage(zeros: x.count)
    var fit = SmoothFit(objective, workers)
    _ = fit.gradient(at: x, into: &gradient)
    let bounds = objective.pointwise.bounds
    var target = x
    switch form {
    case .proximal:
      var v = target.mutableSpan
      let (slope, p) = (gradient.span, dual.span)
      for i in v.indices {
        let isInside = v[i] > bounds.lowerBound && v[i] < bounds.upperBound
        v[i] += (isInside ? -slope[i] : p[i]) / weight
      }
      target = try applied(to: target, &state)
    case .gradient:
      target = try applied(to: x, &state)
      var v = target.mutableSpan
      let slope = gradient.span
      for i in v.indices {
        v[i] = min(max(v[i] - slope[i] / weight, bounds.lowerBound), bounds.upperBound)
      }
    }
    let (difference, norm) = workers.distance(target, x)
    let size = workers.distance(x, x).norm
    return DenoiserFacts(
      fixedPointResidual: (difference / max(size, .leastNormalMagnitude)).squareRoot(),
      largestEigenvalue: try largestEigenvalue(at: x, size: max(size, norm).squareRoot(), &state),
      isLinear: denoiser.isLinear)
  }

  private func applied(
    to x: FloatStorage, _ state: inout [FloatStorage]
  ) throws(InversionError) -> FloatStorage {
    var y = FloatStorage(zeros: x.count)
    do {
      var values = y.mutableSpan
      try denoiser.denoise(x.span, into: &values, state: &state)
    } catch {
      throw .denoiser("\(error)")
    }
    return y
  }

  /// `‖J u‖ / ‖u‖` after some products with `J u = D(u)`, or `(D(x + ε u) − D(x)) / ε` of a nonlinear D, from random signs on.
  private func largestEigenvalue(
    at x: FloatStorage, size: Double, _ state: inout [FloatStorage]
  ) throws(InversionError) -> Double {
    let base = denoiser.isLinear ? nil : try applied(to: x, &state)
    var direction = signs
    var unit = x
    var value = 0.0
    for _ in 0..<(denoiser.isLinear ? 10 : 5) {
      let length = workers.inner(direction, direction).squareRoot()
      guard length > 0, size > 0 else { break }
      workers.combine(0, &unit, Float(1 / length), direction)
      if let base {
        let ε = Float(1e-2 * size)
        workers.combine(ε, &unit, 1, x)
        direction = try applied(to: unit, &state)
        workers.combine(1 / ε, &direction, -1 / ε, base)
      } else {
        direction = try applied(to: unit, &state)
      }
      value = workers.inner(direction, direction).squareRoot()
    }
    return value
  }

  /// +1 and −1 at true voxels.
  private var signs: FloatStorage {
    var random = SplitMix64(seed: 1)
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    for run in stride(from: 0, to: shape.count, by: shape.laneCount) {
      let lanes = shape.slices(of: run / shape.slabLength).count
      for i in run..<run + lanes { values[i] = random.next() >> 63 == 0 ? 1 : -1 }
    }
    return field
  }
}
