import Fields
package import Operators
import RealModule

/// The HAADF signal of the lecture: `u = A Σₑ cₑ xₑ^γ`.
///
/// Not convex unless γ is 1. Negative values count as zero. The derivative at `x` is
/// `A Σₑ cₑ γ xₑ^(γ−1) ·`, bounded where `x` is.
///
/// - Reference: S. J. Pennycook, Ultramicroscopy 30, 58 (1989); γ is 1.6 to 2 by detector.
package struct PowerImage: BoundedModel {
  package let mixed: MixedImage
  /// `γ`
  package let exponent: Float
  /// The largest concentration that is looked for.
  package let bound: Float
  private let scratch: ScratchPool

  /// - Throws: ``FusionError/exponent(_:)`` where γ is not from 0.5 to 3.
  package init(
    _ mixed: MixedImage, exponent: Double, upTo bound: Float = 1
  ) throws(FusionError) {
    guard 0.5...3 ~= exponent else { throw .exponent(exponent) }
    (self.mixed, self.exponent, self.bound) = (mixed, Float(exponent), bound)
    scratch = ScratchPool(length: mixed.domainCount)
  }

  package var domainCount: Int { mixed.domainCount }
  package var rangeCount: Int { mixed.rangeCount }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    let γ = exponent
    scratch.withScratch { powers in
      mixed.workers.forEachChunk(of: powers.mutableSpan) { first, values in
        for i in values.indices {
          let v = unsafe x[unchecked: first &+ i]
          unsafe values[unchecked: i] = quickPower(v, γ)
        }
      }
      mixed.apply(powers.span, into: y._mutatingExtracting(0..<y.count))
    }
  }

  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let slope = exponent * .pow(exponent < 1 ? least : bound, exponent - 1)
    let sums = mixed.absoluteSums()
    return (sums.rows.map { slope * $0 }, sums.columns.map { slope * $0 })
  }

  /// For γ < 1 the slope at nothing has no bound: that at 10⁻³ stands for it.
  private var least: Float { exponent < 1 ? 1e-3 : 0 }

  package func applyDerivativeAdjoint(
    _ y: Span<Float>, at point: Span<Float>, into x: consuming MutableSpan<Float>
  ) {
    var x = x
    mixed.applyAdjoint(y, into: x._mutatingExtracting(0..<x.count))
    let γ = exponent
    let least = least
    mixed.workers.forEachChunk(of: x) { first, values in
      for i in values.indices {
        let at = unsafe point[unchecked: first &+ i]
        unsafe values[unchecked: i] *= γ * quickPower(at > least ? at : least, γ - 1)
      }
    }
  }
}
