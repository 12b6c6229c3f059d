import Fields
import TestSupport
import Testing
import Transforms

@Suite("ComplexTransform")
struct ComplexTransformTests {
  @Test("back and forth gives N times the line", arguments: [1, 2, 30, 64, 210])
  func roundTrip(length: Int) {
    let transform = ComplexTransform(length: length)
    let line = noise(count: 2 * length, seed: 5)
    var spectrum = FloatStorage(zeros: 2 * length)
    var back = FloatStorage(zeros: 2 * length)
    var coefficients = spectrum.mutableSpan
    var values = back.mutableSpan
    transform.forward(line.span, into: &coefficients)
    transform.inverse(coefficients.span, into: &values)
    let expected = FloatStorage((0..<2 * length).map { line.span[$0] * Float(length) })
    let error = relativeError(of: values.span, against: expected.span)
    #expect(error < 1e-6)
  }

  @Test("a shifted impulse has the spectrum exp(−2πik/N)")
  func impulse() {
    let transform = ComplexTransform(length: 4)
    var storage = FloatStorage(zeros: 8)
    var spectrum = storage.mutableSpan
    transform.forward(FloatStorage([0, 0, 1, 0, 0, 0, 0, 0]).span, into: &spectrum)
    let expected: [Float] = [1, 0, 0, -1, -1, 0, 0, 1]
    for i in expected.indices {
      let error = abs(spectrum[i] - expected[i])
      #expect(error < 1e-7)
    }
  }

  @Test("fast lengths are a power of two, or five times one")
  func fastLength() {
    let lengths = [1, 2, 5, 11, 17, 127, 513, 1023].map(ComplexTransform.fastLength(atLeast:))
    #expect(lengths == [1, 2, 5, 16, 20, 128, 640, 1024])
  }
}
