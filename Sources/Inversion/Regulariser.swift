public import Fields
public import Operators

/// A penalty `R(x) = sup_p ⟨p, K x⟩ − R*(p)`, or the minimum of such a one over further unknowns `w`, as solvers see it.
///
/// Fields `x` are laid out as the volume, `[slab][z][x][lane]`. Every pass runs over memory once. What `p` and the auxiliary
/// fields are, only the regulariser knows; all start as zeros.
public protocol Regulariser: Sendable {
  /// How many floats `p` has.
  var dualCount: Int { get }
  /// How many floats each field has that is carried from iteration to iteration beside `p`: unknowns `w` and their duals.
  var auxiliaryCounts: [Int] { get }
  /// Upper bounds on `Σⱼ |Kᵢⱼ|` for all rows i and on `Σᵢ |Kᵢⱼ|` for all columns j; their product bounds `‖K‖²`.
  var operatorSums: (row: Float, column: Float) { get }

  /// The one step length σ of ``formDual(_:auxiliary:from:step:relaxation:)`` that is possible; `nil`, as by default, where any is.
  var fixedStep: Float? { get }

  /// `R(x)`, weight included, over true values; with auxiliary unknowns, the value at these.
  func value(_ x: Span<Float>, auxiliary: [FloatStorage]) -> Double

  /// `p ← p + ρ (p̂ − p)`, `p̂ = argmin_v R*(v) + ‖v − p − σ K x‖² / 2σ`, with σ the `step` and ρ the `relaxation`.
  ///
  /// Auxiliary unknowns make their own primal step first, and their duals one like that of `p`.
  func formDual(
    _ dual: inout FloatStorage, auxiliary: inout [FloatStorage], from x: Span<Float>, step: Float,
    relaxation: Float)

  /// `x ← u − T (Kᵀ p + offset)`, padding lanes zero, with u the `base`, p the `dual` and T the `steps`.
  func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float)

  /// Asked for after each iteration; does nothing by default.
  ///
  /// - Throws: ``InversionError`` where a dual step could not be made.
  func confirm() throws(InversionError)
}

extension Regulariser {
  /// Any step is possible.
  public var fixedStep: Float? { nil }
  /// Every step could be made.
  public func confirm() throws(InversionError) {}
}

/// A penalty that needs nothing beside `p`, so that its proximal step can be found from `p` alone.
public protocol ProximalRegulariser: Regulariser {
  /// `R(x)`, weight included, over true values.
  func value(_ x: Span<Float>) -> Double

  /// `p ← p + ρ (p̂ − p)`, `p̂ = argmin_v R*(v) + ‖v − p − σ K x‖² / 2σ`, with σ the `step` and ρ the `relaxation`.
  func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float)
}

extension ProximalRegulariser {
  /// None.
  public var auxiliaryCounts: [Int] { [] }

  /// ``value(_:)``
  public func value(_ x: Span<Float>, auxiliary: [FloatStorage]) -> Double { value(x) }

  /// ``formDual(_:from:step:relaxation:)``
  public func formDual(
    _ dual: inout FloatStorage, auxiliary: inout [FloatStorage], from x: Span<Float>, step: Float,
    relaxation: Float
  ) {
    formDual(&dual, from: x, step: step, relaxation: relaxation)
  }
}
