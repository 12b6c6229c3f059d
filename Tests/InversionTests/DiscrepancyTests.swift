import Fields
import Inversion
import Operators
import TestSupport
import Testing

@Suite("Discrepancy")
struct DiscrepancyTests {
  static let count = 60
  /// Six runs of five values, over and over.
  static let factors = RunFactors(noise(count: 6, seed: 1, 0.5, 2), laneCount: 5)
  static let all: [any SmoothDiscrepancy] = [
    SquaredDistance(), SquaredDistance(weights: factors), KullbackLeibler(background: factors),
    KullbackLeibler(),
  ]

  let u = noise(count: count, seed: 2, 0.5, 3)
  let y = noise(count: count, seed: 3, 0, 4)

  @Test("the gradient is the slope of the value", arguments: all.indices)
  func gradient(_ index: Int) {
    let discrepancy = Self.all[index]
    var gradient = u
    var values = gradient.mutableSpan
    discrepancy.formGradient(&values, y.span, from: 0)
    for i in stride(from: 0, to: Self.count, by: 7) {
      let h: Float = 1e-2
      let difference = [h, -h].map { step in
        let moved = FloatStorage((0..<Self.count).map { u.span[$0] + ($0 == i ? step : 0) })
        return discrepancy.value(moved.span, y.span, from: 0)
      }
      let slope = (difference[0] - difference[1]) / Double(2 * h)
      #expect(abs(slope - Double(gradient.span[i])) < 2e-3)
    }
  }

  @Test("the dual step is Moreau's: q̂ = λ d′((q + σ u − q̂) / σ)", arguments: all.indices)
  func moreau(_ index: Int) {
    let discrepancy = Self.all[index]
    let (λ, σ): (Float, Float) = (1.7, 0.6)
    let start = noise(count: Self.count, seed: 4, -1, 1)
    var dual = start
    var values = dual.mutableSpan
    let step = DualStep(steps: RunFactors(uniform: σ), weight: λ)
    discrepancy.formDual(&values, u.span, y.span, from: 0, step: step)
    var gradient = FloatStorage(
      (0..<Self.count).map { (start.span[$0] + σ * u.span[$0] - dual.span[$0]) / σ })
    var slopes = gradient.mutableSpan
    discrepancy.formGradient(&slopes, y.span, from: 0)
    for i in 0..<Self.count { #expect(abs(λ * gradient.span[i] - dual.span[i]) < 2e-4) }
  }

  @Test("a relaxed dual step goes as much further", arguments: all.indices)
  func relaxation(_ index: Int) {
    let start = noise(count: Self.count, seed: 5, -1, 1)
    let ends = [1 as Float, 1.5].map { ρ in
      var dual = start
      var values = dual.mutableSpan
      Self.all[index].formDual(
        &values, u.span, y.span, from: 0, step: DualStep(steps: Self.factors, relaxation: ρ))
      return dual
    }
    let (plain, relaxed) = (ends[0], ends[1])
    for i in 0..<Self.count {
      let expected = start.span[i] + 1.5 * (plain.span[i] - start.span[i])
      #expect(abs(relaxed.span[i] - expected) < 1e-5)
    }
  }

  @Test("a block in the middle of a field finds its own factors", arguments: all.indices)
  func blocks(_ index: Int) {
    let discrepancy = Self.all[index]
    let whole = discrepancy.value(u.span, y.span, from: 0)
    let parts = [0..<17, 17..<43, 43..<60].reduce(0.0) { sum, part in
      sum
        + discrepancy.value(
          u.span.extracting(part), y.span.extracting(part), from: part.lowerBound)
    }
    #expect(abs(whole - parts) < 1e-5 * abs(whole))
  }

  @Test("negative counts are named in the error")
  func negativeCounts() {
    let counts = FloatStorage([3, 0, -2])
    #expect(throws: InversionError.negativeCount(-2, index: 2)) {
      try KullbackLeibler().check(counts.span)
    }
  }

  @Test("negative weights and backgrounds are refused")
  func factors() {
    let negative = RunFactors(uniform: -1)
    #expect(throws: InversionError.weight(-1)) {
      try SquaredDistance(weights: negative).check(y.span)
    }
    #expect(throws: InversionError.negativeBackground(-1)) {
      try KullbackLeibler(background: negative).check(y.span)
    }
  }

  @Test("counts without a background bound no curvature")
  func curvature() throws {
    #expect(throws: InversionError.noCurvature) { try KullbackLeibler().largestCurvature(y.span) }
    let bound = try KullbackLeibler(background: RunFactors(uniform: 2)).largestCurvature(y.span)
    #expect(bound <= 1)
  }
}
