import Foundation
import Inversion
import TestSupport
import Testing

@Suite("LambdaChooser")
struct LambdaChooserTests {
  /// The deblurring problem of Golden/make_lcurve.py, interpolated between its 100 rows.
  func attempt(_ lambda: Double) throws -> LambdaTrial {
    let trials = try LCurveTests.trials()
    let place = (log10(lambda) + 5) / 7 * 99
    let row = min(max(Int(place.rounded(.down)), 0), 98)
    let part = place - Double(row)
    func mix(_ value: (LambdaTrial) -> Double) -> Double {
      exp((1 - part) * log(value(trials[row])) + part * log(value(trials[row + 1])))
    }
    return LambdaTrial(
      lambda: lambda, mu: 2 * lambda, residual: mix(\.residual), penalty: mix(\.penalty),
      iterations: 1)
  }

  @Test("the discrepancy rule finds λ where the residual is the true noise")
  func discrepancy() throws {
    let choice = try LambdaChooser(.discrepancy, noise: 0.63236).choose(attempt)
    #expect(abs(choice.lambda / 0.3177 - 1) < 0.05)
    #expect(choice.mu == 2 * choice.lambda)
  }

  @Test("halving stops at the first λ whose residual is no larger than the noise")
  func halving() throws {
    let choice = try LambdaChooser(.halving, noise: 0.2).choose(attempt)
    let residuals = choice.trials.map(\.residual)
    #expect(choice.lambda == choice.trials.last?.lambda)
    #expect(residuals.last.map { $0 <= 0.2 } == true)
    #expect(residuals.dropLast().allSatisfy { $0 > 0.2 })
    #expect(choice.trials[0].lambda == 1e-2)
  }

  @Test("where 1e-2 meets the noise at once, halving goes the other way to the largest that does")
  func doubling() throws {
    let choice = try LambdaChooser(.halving, noise: 0.63236).choose(attempt)
    #expect(choice.trials.map(\.lambda) == [0.01, 0.02, 0.04, 0.08, 0.16, 0.32])
    #expect(choice.lambda == 0.16 && choice.warnings.isEmpty)
    #expect(choice.verdicts[.halving] == 0.16)
  }

  @Test("where none meets the noise, halving ends once residuals are level, and says so")
  func neverMet() throws {
    let choice = try LambdaChooser(.halving, noise: 0.2).choose { lambda in
      LambdaTrial(lambda: lambda, residual: 0.3 + lambda, penalty: 1, iterations: 1)
    }
    #expect(choice.lambda == 0.01 / 4)
    #expect(choice.trials.count == 5)
    #expect(choice.warnings.contains { $0.contains("1.5 times the noise") })
  }

  @Test("the L-curve rule finds its corner and hears the others")
  func lCurve() throws {
    let choice = try LambdaChooser(.lCurve, noise: 0.63236).choose(attempt)
    #expect(choice.lambda > 0.09 && choice.lambda < 0.4)
    #expect(abs(try #require(choice.verdicts[.discrepancy]) / 0.3177 - 1) < 0.1)
  }

  @Test("a disagreement by more than a factor of three is said aloud")
  func disagreement() throws {
    let choice = try LambdaChooser(.lCurve, noise: 0.1).choose(attempt)
    #expect(choice.warnings.contains { $0.contains("discrepancy") })
  }

  @Test("rules that compare with the noise refuse to work without it")
  func noiseUnknown() {
    #expect(throws: ChoiceError.noiseUnknown(.discrepancy)) {
      try LambdaChooser(.discrepancy, noise: nil)
    }
    #expect(throws: ChoiceError.noiseUnknown(.halving)) { try LambdaChooser(.halving, noise: 0) }
  }

  /// The residual is λ, and the error of predicting has its minimum at `best`.
  func predicting(best: Double) -> (Double) -> LambdaTrial {
    { lambda in
      let distance = log(lambda / best)
      return LambdaTrial(
        lambda: lambda, mu: lambda, residual: lambda, penalty: 1,
        heldOut: 1 + 0.1 * distance * distance, iterations: 1)
    }
  }

  @Test("the compromise is the geometric mean of what predicts best and what meets the noise")
  func compromise() throws {
    let choice = try LambdaChooser(.compromise, noise: 0.04).choose(predicting(best: 0.01))
    #expect(abs(choice.lambda / 0.02 - 1) < 0.02)
    #expect(choice.rule == .compromise)
    let beyond = try LambdaChooser(.compromise, noise: 0.3).choose(predicting(best: 0.03))
    #expect(abs(beyond.lambda / (0.3 * 0.03).squareRoot() - 1) < 0.02)
  }

  @Test("where no residual is as small as the noise, what predicts best stands alone")
  func noiseBeyondReach() throws {
    let choice = try LambdaChooser(.compromise, noise: 1e-6).choose(predicting(best: 0.01))
    #expect(abs(choice.lambda / 0.01 - 1) < 0.02)
  }

  @Test("where every residual is smaller than the noise, three steps beyond are tried and no more")
  func noiseNeverMet() throws {
    let choice = try LambdaChooser(.compromise, noise: 1e3).choose(predicting(best: 0.1))
    #expect(choice.trials.map(\.lambda).max() ?? 0 < 2)
    #expect(choice.lambda < 0.5)
  }
}
