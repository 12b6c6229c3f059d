import Fields
package import Operators

/// How far a prediction `u = H(x)` lies from its measurement `y`: a sum `Σᵢ d(uᵢ, yᵢ)`.
///
/// A discrepancy is asked block by block; `first` is where the block starts in its field.
public protocol Discrepancy: Sendable {
  /// - Throws: ``InversionError`` where the measurement cannot be what this discrepancy describes.
  func check(_ measurement: Span<Float>) throws(InversionError)

  /// `Σ d(u, y)`
  func value(_ prediction: Span<Float>, _ measurement: Span<Float>, from first: Int) -> Double

  /// `u ← ∂d/∂u`
  func formGradient(
    _ prediction: inout MutableSpan<Float>, _ measurement: Span<Float>, from first: Int)

  /// `q ← q + ρ (q̂ − q)`, `q̂ = argmin_v (λ d)*(v) + ‖v − q − σ u‖² / 2σ`
  ///
  /// with one `σ` a run.
  func formDual(
    _ dual: inout MutableSpan<Float>, _ prediction: Span<Float>, _ measurement: Span<Float>,
    from first: Int, step: DualStep)

  /// The mean of `∂²d/∂u²` at `u = y`, which sets the scale of steps.
  func meanCurvature(_ measurement: Span<Float>, valueCount: Int) -> Double
}

/// One dual step of a primal-dual solver.
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

/// A discrepancy whose gradient changes no faster than a known rate.
public protocol SmoothDiscrepancy: Discrepancy {
  /// No smaller than `∂²d/∂u²` for any `u ≥ 0`.
  ///
  /// - Throws: ``InversionError/noCurvature`` where there is no such bound.
  func largestCurvature(_ measurement: Span<Float>) throws(InversionError) -> Double
}
