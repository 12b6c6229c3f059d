import Fields
import Operators
import Projection

extension LinearOperator {
  /// `y ← H x`
  func project(_ x: FloatStorage, into y: inout FloatStorage) {
    apply(x.span, into: y.mutableSpan)
  }

  /// `x ← Hᵀ y`
  func backProject(_ y: FloatStorage, into x: inout FloatStorage) {
    applyAdjoint(y.span, into: x.mutableSpan)
  }
}
