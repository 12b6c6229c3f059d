public import Fields
public import Operators

/// A penalty `R(x) = sup_p ⟨p, K x⟩ − R*(p)`, as solvers see it.
///
/// Fields `x` are laid out as the volume, `[slab][z][x][lane]`. Every pass runs over memory once. What `p` is, only the
/// regulariser knows; it starts as zeros.
public protocol Regulariser: Sendable {
  /// `R(x)`, weight included, over true values.
  func value(_ x: Span<Float>) -> Double

  /// How many floats `p` has.
  var dualCount: Int { get }
  /// Upper bounds on `Σⱼ |Kᵢⱼ|` for all rows i and on `Σᵢ |Kᵢⱼ|` for all columns j; their product bounds `‖K‖²`.
  var operatorSums: (row: Float, column: Float) { get }

  /// `p ← p + ρ (p̂ − p)`, `p̂ = argmin_v R*(v) + ‖v − p − σ K x‖² / 2σ`, with σ the `step` and ρ the `relaxation`.
  func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float)

  /// `x ← u − T (Kᵀ p + offset)`, padding lanes zero, with u the `base`, p the `dual` and T the `steps`.
  func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float)
}
