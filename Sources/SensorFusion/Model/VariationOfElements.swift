public import Fields
public import Inversion
public import Operators
public import Transforms

/// `Σₑ μₑ Σ |∇xₑ|`: each element has few and sharp edges of its own.
///
/// Unknowns are `[element][voxel]`, duals `[element][voxel][component]`.
public struct VariationOfElements: Regulariser {
  /// `μₑ`
  public let weights: [Float]
  /// Of one element.
  public let gradient: SlabGradient

  /// - Throws: `InversionError.weight` where one is not positive.
  public init(_ weights: [Float], _ gradient: SlabGradient) throws(InversionError) {
    for weight in weights where !(weight > 0 && weight.isFinite) { throw .weight(weight) }
    (self.weights, self.gradient) = (weights, gradient)
  }

  public func value(_ x: Span<Float>) -> Double {
    weights.indices.reduce(0) { sum, e in
      sum + Double(weights[e]) * gradient.totalVariation(x.extracting(voxels(e)))
    }
  }

  public var dualCount: Int { weights.count * gradient.rangeCount }
  public var operatorSums: (row: Float, column: Float) {
    (2, 2 * Float(gradient.componentCount))
  }

  public func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float
  ) {
    for e in weights.indices {
      var all = dual.mutableSpan
      let part = all._mutatingExtracting(duals(e))
      gradient.formDual(
        part, from: x.extracting(voxels(e)),
        pass: .ball(radius: weights[e], step: step, relaxation: relaxation))
    }
  }

  public func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    var x = x
    for e in weights.indices {
      gradient.step(
        x._mutatingExtracting(voxels(e)), from: base.extracting(voxels(e)),
        along: dual.extracting(duals(e)), steps: steps, offset: offset)
    }
  }

  private func voxels(_ e: Int) -> Range<Int> {
    e * gradient.domainCount..<(e + 1) * gradient.domainCount
  }
  private func duals(_ e: Int) -> Range<Int> {
    e * gradient.rangeCount..<(e + 1) * gradient.rangeCount
  }
}
