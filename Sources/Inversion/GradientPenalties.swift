public import Fields
public import Operators
public import Transforms

/// `μ Σ |∇x|`: few and sharp edges (isotropic total variation).
///
/// - Reference: L. Rudin, S. Osher and E. Fatemi, Physica D 60, 259 (1992).
public struct TotalVariation: ProximalRegulariser {
  /// `μ`
  package let weight: Float
  package let gradient: SlabGradient

  /// Total variation with the weight `μ`, of slices by themselves or of the whole volume as `gradient` reaches.
  ///
  /// - Throws: ``InversionError/weight(_:)`` where `μ` is not positive.
  public init(_ weight: Float, _ gradient: SlabGradient) throws(InversionError) {
    guard weight > 0 && weight.isFinite else { throw .weight(weight) }
    (self.weight, self.gradient) = (weight, gradient)
  }

  public func value(_ x: Span<Float>) -> Double { Double(weight) * gradient.totalVariation(x) }
  public var dualCount: Int { gradient.rangeCount }
  public var operatorSums: (row: Float, column: Float) { gradient.sums }

  /// `p̂ = P(p + σ ∇x)`, with `P` the projection onto `|p| ≤ μ`.
  public func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float
  ) {
    gradient.formDual(
      dual.mutableSpan, from: x, pass: .ball(radius: weight, step: step, relaxation: relaxation))
  }

  public func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    gradient.step(x, from: base, along: dual, steps: steps, offset: offset)
  }
}

/// `½ μ Σ |∇x|²`: smooth volumes (Tikhonov).
public struct SquaredGradient: ProximalRegulariser {
  /// `μ`
  package let weight: Float
  package let gradient: SlabGradient

  /// The penalty with the weight `μ`, of slices by themselves or of the whole volume as `gradient` reaches.
  ///
  /// - Throws: ``InversionError/weight(_:)`` where `μ` is not positive.
  public init(_ weight: Float, _ gradient: SlabGradient) throws(InversionError) {
    guard weight > 0 && weight.isFinite else { throw .weight(weight) }
    (self.weight, self.gradient) = (weight, gradient)
  }

  public func value(_ x: Span<Float>) -> Double {
    0.5 * Double(weight) * gradient.squaredLength(x)
  }
  public var dualCount: Int { gradient.rangeCount }
  public var operatorSums: (row: Float, column: Float) { gradient.sums }

  /// `p̂ = (p + σ ∇x) / (1 + σ / μ)`
  public func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float
  ) {
    gradient.formDual(
      dual.mutableSpan, from: x,
      pass: .scaled(factor: weight / (weight + step), step: step, relaxation: relaxation))
  }

  public func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    gradient.step(x, from: base, along: dual, steps: steps, offset: offset)
  }
}

extension SlabGradient {
  /// Each difference meets two voxels, each voxel two differences per axis.
  fileprivate var sums: (row: Float, column: Float) { (2, 2 * Float(componentCount)) }
}
