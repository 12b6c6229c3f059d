public import Fields
public import Operators

/// A penalty `R(x) = sup_p ⟨p, K x⟩ − R*(p)`, as solvers see it.
///
/// Every pass runs over memory once. What `p` is, only the regulariser knows; it starts as zeros.
public protocol Regulariser: Sendable {
  /// `R(x)`, weight included, over true values.
  func value(_ x: Span<Float>) -> Double

  /// Floats of `p`.
  var dualCount: Int { get }
  /// Bounds on `Σⱼ |Kᵢⱼ|` and `Σᵢ |Kᵢⱼ|`; their product bounds `‖K‖²`.
  var operatorSums: (row: Float, column: Float) { get }

  /// `p ← p + ρ (p̂ − p)`, `p̂ = argmin_v R*(v) + ‖v − p − σ K x‖² / 2σ`
  func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float)

  /// `x ← u − T (Kᵀ p + offset)`, padding lanes zero.
  func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float)
}
