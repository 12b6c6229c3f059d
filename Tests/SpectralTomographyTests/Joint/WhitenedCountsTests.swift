import Fields
import Inversion
import Operators
import SpectralTomography
import Testing

@Suite struct WhitenedCountsTests {
  @Test("The dual step meets the optimality of the Poisson likelihood")
  func prox() {
    let (s, b, σ, λ) = (Float(1.7), Float(0.2), Float(0.8), Float(1.3))
    let fit = WhitenedCounts(
      scales: RunFactors(uniform: s), background: RunFactors(uniform: b))
    let (u, y, q): ([Float], [Float], [Float]) = (
      [0, 0.4, 2, 5], [0, 1, 3, 2], [0, 0.1, -0.4, 1]
    )
    var dual = FloatStorage(q)
    var values = dual.mutableSpan
    fit.formDual(
      &values, FloatStorage(u).span, FloatStorage(y).span, from: 0,
      step: DualStep(steps: RunFactors(uniform: σ), weight: λ))
    for i in u.indices {
      // Moreau: q̂ is λ times the derivative at u* = u + (q − q̂) / σ.
      let new = array(dual)[i]
      let near = u[i] + (q[i] - new) / σ
      let derivative = λ * s * (1 - y[i] / (s * near + b))
      #expect(abs(new - derivative) < 2e-4 || (y[i] == 0 && new <= λ * s), "\(i)")
    }
  }

  @Test("The gradient is the derivative of the value")
  func gradient() {
    let fit = WhitenedCounts(
      scales: RunFactors(FloatStorage([0.5, 2]), laneCount: 2),
      background: RunFactors(FloatStorage([0.1, 0.3, 0.2, 0.4]), laneCount: 1))
    let (u, y): ([Float], [Float]) = ([1, 2, 0.5, 3], [0, 4, 1, 2])
    var form = FloatStorage(u)
    var values = form.mutableSpan
    fit.formGradient(&values, FloatStorage(y).span, from: 0)
    for i in u.indices {
      var (up, down) = (u, u)
      up[i] += 0.01
      down[i] -= 0.01
      let slope =
        (fit.value(FloatStorage(up).span, FloatStorage(y).span, from: 0)
          - fit.value(FloatStorage(down).span, FloatStorage(y).span, from: 0)) / 0.02
      #expect(abs(slope - Double(array(form)[i])) < 1e-3, "\(i)")
    }
  }
}
