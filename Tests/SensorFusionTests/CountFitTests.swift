import Fields
import Inversion
import Operators
import SensorFusion
import Testing

@Suite struct CountFitTests {
  private let fit = CountFit(background: 0.2)
  private let u = FloatStorage([0, 0.1, 0.25, 0.3, 2, 7])
  private let y = FloatStorage([0, 1, 3, 0, 2, 9])

  @Test("Above half a count the value is u + b − y log(u + b)")
  func value() {
    let (u, y) = (FloatStorage([2]), FloatStorage([3]))
    #expect(abs(fit.value(u.span, y.span, from: 0) - (2.2 - 3 * 0.788457)) < 1e-4)
  }

  @Test("The gradient is that of the value, on both sides of half a count")
  func gradient() {
    var slope = u
    var values = slope.mutableSpan
    fit.formGradient(&values, y.span, from: 0)
    for i in 0..<u.count {
      let h: Float = 1e-2
      let (a, b) = (FloatStorage([u.span[i] - h]), FloatStorage([u.span[i] + h]))
      let count = FloatStorage([y.span[i]])
      let difference =
        fit.value(b.span, count.span, from: 0) - fit.value(a.span, count.span, from: 0)
      #expect(abs(difference / Double(2 * h) - Double(slope.span[i])) < 2e-2)
    }
  }

  @Test("The dual step is the conjugate's proximal point: u is where its slope is q")
  func dual() {
    var q = FloatStorage(zeros: u.count)
    let step = DualStep(steps: RunFactors(uniform: 0.7), weight: 1.3)
    var values = q.mutableSpan
    fit.formDual(&values, u.span, y.span, from: 0, step: step)
    // Moreau: z = u − q/σ minimises λ d(z) + σ (z − u)² / 2, so that λ d′(z) = q.
    var slope = FloatStorage((0..<u.count).map { u.span[$0] - q.span[$0] / 0.7 })
    var slopes = slope.mutableSpan
    fit.formGradient(&slopes, y.span, from: 0)
    for i in 0..<u.count { #expect(abs(1.3 * slope.span[i] - q.span[i]) < 1e-4) }
  }

  @Test("A weight of zero leaves a measurement out")
  func weights() {
    let masked = CountFit(
      background: 0.2, weights: RunFactors(FloatStorage([1, 1, 1, 1, 0, 0]), laneCount: 1))
    let part = FloatStorage([0, 0.1, 0.25, 0.3])
    let counts = FloatStorage([0, 1, 3, 0])
    #expect(
      abs(
        masked.value(u.span, y.span, from: 0) - fit.value(part.span, counts.span, from: 0)) < 1e-6)
  }

  @Test("Negative counts are refused")
  func negative() {
    let y = FloatStorage([1, -1])
    #expect(throws: InversionError.negativeCount(-1, index: 1)) { try fit.check(y.span) }
  }
}
