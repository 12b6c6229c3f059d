public import Fields
public import Operators
public import Transforms

/// `min_w α₁ Σ |M (∇x − w)| + α₀ Σ |E w|`: slopes that change at few places (total generalised variation of second order).
///
/// `w` is a slope at every voxel, `E` its `SymmetrisedGradient`, and `M` is zero where ∇ has no difference. Volumes that are affine
/// cost nothing, edges as much as in ``TotalVariation``. Beside `p` stand the dual `r` of `E w`, and `w` with its `w̄`. One
/// dual step of the pair of unknowns (x, w) is
///
///     ŵ = w + τ (M p − Eᵀ r),   w̄ = 2 ŵ − w,   w ← w + ρ (ŵ − w)
///     r ← r + ρ (P(r + σ₀ E w̄) − r),   p ← p + ρ (P(p + σ M (∇x̄ − w̄)) − p)
///
/// which is the primal-dual method as it is, since ŵ needs nothing of x. Fields beside x: 15 volumes, or 9 where slices are not linked.
///
/// - Reference: K. Bredies, K. Kunisch and T. Pock, SIAM J. Imaging Sci. 3, 492 (2010); steps: T. Pock and A. Chambolle, ICCV 2011, 1762.
public struct TotalGeneralisedVariation: Regulariser {
  /// `α₁`
  package let weight: Float
  /// `α₀`
  package let bendWeight: Float
  private let gradient: SlabGradient
  private let bend: SymmetrisedGradient

  /// The penalty with the weight `α₁`, of slices by themselves or of the whole volume as `gradient` reaches.
  ///
  /// - Parameter ratio: `α₀ / α₁`, in voxels; 2 by default.
  /// - Throws: ``InversionError/weight(_:)`` where a weight is not positive.
  public init(
    _ weight: Float, ratio: Float = 2, _ gradient: SlabGradient
  ) throws(InversionError) {
    for value in [weight, ratio] where !(value > 0 && value.isFinite) { throw .weight(value) }
    (self.weight, bendWeight, self.gradient) = (weight, ratio * weight, gradient)
    bend = SymmetrisedGradient(gradient)
  }

  public var dualCount: Int { gradient.rangeCount }
  /// `r`, then the pair of `w` and `w̄`.
  public var auxiliaryCounts: [Int] { [bend.rangeCount, bend.pairCount] }
  /// A row of `M (∇x − w)` meets two voxels and one slope.
  public var operatorSums: (row: Float, column: Float) {
    (3, 2 * Float(gradient.componentCount))
  }

  /// An upper bound of `R(x)`, which the solver brings down to it with `w`.
  public func value(_ x: Span<Float>, auxiliary: [FloatStorage]) -> Double {
    let pair = auxiliary[1]
    let lengths = bend.lengths(x, pair.span)
    return Double(weight) * lengths.slope + Double(bendWeight) * lengths.bend
  }

  /// With `τ = 1 / (σ r c)`, where `r` is the largest row sum of the first line and `c` the largest column sum of a slope.
  public func formDual(
    _ dual: inout FloatStorage, auxiliary: inout [FloatStorage], from x: Span<Float>, step σ: Float,
    relaxation ρ: Float
  ) {
    let row = operatorSums.row
    let τ = 1 / (σ * row * (1 + bend.sums.column))
    // Each field is to have one owner while it is written.
    var (tensor, pair) = (auxiliary[0], auxiliary[1])
    auxiliary = []
    bend.formPair(
      pair.mutableSpan, along: dual.span, tensor.span, length: τ, relaxation: ρ)
    bend.formDual(
      tensor.mutableSpan, from: pair.span,
      step: .init(radius: bendWeight, length: σ * row / bend.sums.row, relaxation: ρ))
    bend.formSlopeDual(
      dual.mutableSpan, from: x, pair.span,
      step: .init(radius: weight, length: σ, relaxation: ρ))
    auxiliary = [tensor, pair]
  }

  public func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    gradient.step(x, from: base, along: dual, steps: steps, offset: offset)
  }
}
