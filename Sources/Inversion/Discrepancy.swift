import Fields
package import Operators

/// How far a prediction `u = H(x)` lies from its measurement `y`: a sum `Σᵢ d(uᵢ, yᵢ)`.
///
/// A discrepancy is asked block by block; `first` is where the block starts among the floats of its field.
public protocol Discrepancy: Sendable {
  /// - Throws: ``InversionError`` where the measurement cannot be what this discrepancy describes.
  func check(_ measurement: Span<Float>) throws(InversionError)

  /// `Σ d(u, y)`
  func value(_ prediction: Span<Float>, _ measurement: Span<Float>, from first: Int) -> Double

  /// `u ← ∂d/∂u`: the gradient takes the place of the prediction.
  func formGradient(
    _ prediction: inout MutableSpan<Float>, _ measurement: Span<Float>, from first: Int)

  /// `q ← q + ρ (q̂ − q)`, `q̂ = argmin_v (λ d)*(v) + ‖v − q − σ u‖² / 2σ`
  ///
  /// with one `σ` a run.
  func formDual(
    _ dual: inout MutableSpan<Float>, _ prediction: Span<Float>, _ measurement: Span<Float>,
    from first: Int, step: DualStep)

  /// The mean of `∂²d/∂u²` at `u = y`, which sets the scale of steps.
  ///
  /// - Parameter valueCount: true values of the measurement, padding left out.
  func meanCurvature(_ measurement: Span<Float>, valueCount: Int) -> Double
}

/// The numbers of one dual step of a primal-dual solver: step lengths σ, the weight λ of the fit, relaxation ρ.
public struct DualStep: Sendable {
  /// `σ`
  package let steps: RunFactors
  /// `λ`
  package let weight: Float
  /// `ρ`
  package let relaxation: Float

  package init(steps: RunFactors, weight: Float = 1, relaxation: Float = 1) {
    (self.steps, self.weight, self.relaxation) = (steps, weight, relaxation)
  }
}

/// A discrepancy whose second derivative has a bound, as gradient methods need.
public protocol SmoothDiscrepancy: Discrepancy {
  /// An upper bound on `∂²d/∂u²` for all `u ≥ 0`.
  ///
  /// - Throws: ``InversionError/noCurvature`` where there is no such bound.
  func largestCurvature(_ measurement: Span<Float>) throws(InversionError) -> Double
}
