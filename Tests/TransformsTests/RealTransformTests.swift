import Fields
import TestSupport
import Testing
import Transforms

@Suite("RealTransform")
struct RealTransformTests {
  @Test("back and forth gives N times the line", arguments: [2, 30, 64, 210])
  func roundTrip(length: Int) {
    let transform = RealTransform(length: length)
    let line = noise(count: length, seed: 5)
    var spectrum = FloatStorage(zeros: transform.spectrumLength)
    var back = FloatStorage(zeros: length)
    var coefficients = spectrum.mutableSpan
    var values = back.mutableSpan
    transform.forward(line.span, into: &coefficients)
    transform.inverse(&coefficients, into: &values)
    let expected = FloatStorage((0..<length).map { line.span[$0] * Float(length) })
    let error = relativeError(of: values.span, against: expected.span)
    #expect(error < 1e-6)
  }

  @Test("a shifted impulse has the spectrum exp(−2πik/N)")
  func impulse() {
    let transform = RealTransform(length: 4)
    var storage = FloatStorage(zeros: 6)
    var spectrum = storage.mutableSpan
    transform.forward(FloatStorage([0, 1, 0, 0]).span, into: &spectrum)
    let expected: [Float] = [1, 0, 0, -1, -1, 0]
    for k in expected.indices {
      let error = abs(spectrum[k] - expected[k])
      #expect(error < 1e-7)
    }
  }

  @Test("fast lengths are even and have small factors only")
  func fastLength() {
    let lengths = [1, 2, 11, 17, 127, 1023].map(RealTransform.fastLength(atLeast:))
    #expect(lengths == [2, 2, 12, 18, 128, 1024])
  }
}
