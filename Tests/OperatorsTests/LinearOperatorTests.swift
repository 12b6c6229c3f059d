import Fields
import Operators
import Testing

@Suite("LinearOperator")
struct LinearOperatorTests {
  let x = FloatStorage([1, 1, 1])
  let y = FloatStorage([1, 1])

  @Test("an operator with its own transpose has no mismatch")
  func right() {
    let matrix = Matrix(corner: 6)
    #expect(matrix.adjointMismatch(x.span, y.span) == 0)
    #expect(
      matrix.adjointMismatch(FloatStorage([3, -2, 7]).span, FloatStorage([5, 0.5]).span) == 0)
  }

  @Test("one wrong weight of the adjoint shows by its size")
  func wrong() {
    // Hx = (6, 15), Hᵀy = (5, 7, 9), but 10 in place of 9.
    let expected = 1 / (261.0 * 2).squareRoot()
    #expect(abs(Matrix(corner: 7).adjointMismatch(x.span, y.span) - expected) < 1e-12)
  }

  @Test("a field that projects to nothing has no mismatch")
  func nothing() {
    #expect(Matrix(corner: 6).adjointMismatch(FloatStorage(zeros: 3).span, y.span) == 0)
  }

  @Test("the derivative of a linear operator is the operator itself")
  func derivative() {
    let matrix = Matrix(corner: 6)
    var (one, two) = (FloatStorage(zeros: 3), FloatStorage(zeros: 3))
    matrix.applyAdjoint(y.span, into: one.mutableSpan)
    matrix.applyDerivativeAdjoint(y.span, at: x.span, into: two.mutableSpan)
    #expect((0..<3).allSatisfy { one.span[$0] == two.span[$0] && one.span[$0] == [5, 7, 9][$0] })
  }
}

/// [[1, 2, 3], [4, 5, 6]], whose adjoint holds `corner` in place of the 6.
private struct Matrix: LinearOperator {
  let corner: Float
  var domainCount: Int { 3 }
  var rangeCount: Int { 2 }

  func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    y[0] = x[0] + 2 * x[1] + 3 * x[2]
    y[1] = 4 * x[0] + 5 * x[1] + 6 * x[2]
  }

  func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    x[0] = y[0] + 4 * y[1]
    x[1] = 2 * y[0] + 5 * y[1]
    x[2] = 3 * y[0] + corner * y[1]
  }
}
