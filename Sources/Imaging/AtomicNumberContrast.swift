import Fields
import Operators
import RealModule

/// The HAADF image of a map of projected atomic numbers: `H(z) = a · h ⋆ z^γ`.
///
/// Nonlinear unless γ is 1; negative values count as zero. Its derivative at `z` is
/// `a h ⋆ (γ z^(γ−1) ·)`. For γ < 1 the derivative is that at `z = 10⁻⁶` below it.
///
/// - Reference: S. J. Pennycook, Ultramicroscopy 30, 58 (1989); γ is 1.6 to 2 by detector.
package struct AtomicNumberContrast: ForwardModel {
  package let blur: FieldBlur
  /// `γ`
  package let exponent: Float
  /// `a`
  package let scale: Float

  /// - Throws: ``BlurError`` where γ is not from 0.5 to 3, or the scale not positive.
  package init(_ blur: FieldBlur, exponent: Float = 1.7, scale: Float = 1) throws(BlurError) {
    guard 0.5...3 ~= exponent else { throw .exponent(Double(exponent)) }
    guard scale > 0 && scale.isFinite else { throw .scale(Double(scale)) }
    (self.blur, self.exponent, self.scale) = (blur, exponent, scale)
  }

  package var domainCount: Int { blur.domainCount }
  package var rangeCount: Int { blur.rangeCount }

  package func apply(_ z: Span<Float>, into y: consuming MutableSpan<Float>) {
    let (a, γ) = (Double(scale), Double(exponent))
    blur.apply(z, into: y) { $0 > 0 ? a * .pow(Double($0), γ) : 0 }
  }

  package func applyDerivativeAdjoint(
    _ y: Span<Float>, at z: Span<Float>, into x: consuming MutableSpan<Float>
  ) {
    precondition(z.count == domainCount, "the point does not fit the model")
    var x = x
    blur.applyAdjoint(y, into: x._mutatingExtracting(0..<x.count))
    let length = blur.grid.columnCount
    let least: Float = exponent < 1 ? 1e-6 : 0
    blur.workers.forEachSlab(of: x, length: length) { row, values in
      var values = values
      for i in values.indices {
        values[i] *= scale * exponent * .pow(max(z[row * length + i], least), exponent - 1)
      }
    }
  }
}
