import Fields
public import Operators
import RealModule

/// The HAADF signal of the lecture: `u = A Σₑ cₑ xₑ^γ`.
///
/// Not convex unless γ is 1. Negative values count as zero. The derivative at `x` is
/// `A Σₑ cₑ γ xₑ^(γ−1) ·`.
///
/// - Reference: S. J. Pennycook, Ultramicroscopy 30, 58 (1989); γ is 1.6 to 2 by detector.
public struct PowerImage: ForwardModel {
  public let mixed: MixedImage
  /// `γ`
  public let exponent: Float
  private let scratch: ScratchPool

  /// - Throws: ``FusionError/exponent(_:)`` where γ is not from 0.5 to 3.
  public init(_ mixed: MixedImage, exponent: Double) throws(FusionError) {
    guard 0.5...3 ~= exponent else { throw .exponent(exponent) }
    (self.mixed, self.exponent) = (mixed, Float(exponent))
    scratch = ScratchPool(length: mixed.domainCount)
  }

  public var domainCount: Int { mixed.domainCount }
  public var rangeCount: Int { mixed.rangeCount }

  public func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    let γ = exponent
    scratch.withScratch { powers in
      mixed.workers.forEachChunk(of: powers.mutableSpan) { first, values in
        for i in values.indices {
          let v = unsafe x[unchecked: first &+ i]
          unsafe values[unchecked: i] = v > 0 ? .pow(v, γ) : 0
        }
      }
      mixed.apply(powers.span, into: y._mutatingExtracting(0..<y.count))
    }
  }

  public func applyDerivativeAdjoint(
    _ y: Span<Float>, at point: Span<Float>, into x: consuming MutableSpan<Float>
  ) {
    var x = x
    mixed.applyAdjoint(y, into: x._mutatingExtracting(0..<x.count))
    let γ = exponent
    // For γ < 1 the slope at nothing has no bound: that at 10⁻⁶ stands for it.
    let least: Float = γ < 1 ? 1e-6 : 0
    mixed.workers.forEachChunk(of: x) { first, values in
      for i in values.indices {
        let v = unsafe max(point[unchecked: first &+ i], least)
        unsafe values[unchecked: i] *= v > 0 ? γ * .pow(v, γ - 1) : 0
      }
    }
  }
}
