public import Inversion
import Statistics

/// How λ was chosen, with everything that was tried.
public struct StrengthChoice: ChosenStrength, Hashable {
  package struct TiltError: Sendable, Encodable, Hashable {
    /// Degrees.
    package let tilt: Double
    /// The root mean square of `y − Hx` at the chosen λ; of counts, the root of their `Deviance` over what is expected.
    package let error: Double
    /// Whether this tilt was predicted, not fitted.
    package let isHeldOut: Bool
  }

  /// The λ that was chosen, the rule, and every λ that was tried with its errors.
  public let choice: LambdaChoice
  /// The noise that the rules compare with, in the units of the series: given, or estimated from it. 1 for a fit of
  /// counts, whose residual is in units of its noise; `nil` where it is not known.
  public let noise: Double?
  /// Where ``noise`` comes from, in words, such as `given` or `second differences of the projections`.
  public let noiseSource: String
  /// Half the spread of the estimate over the tilts, relative to it.
  package let noiseSpread: Double?
  /// The slices on which values were tried.
  package let slices: [Int]
  package let tiltErrors: [TiltError]
  /// Sentences: rules that disagree, an optimum at the edge of what was tried, tilts that do not fit the others, a prior
  /// that predicts better.
  public var warnings: [String]
  /// Where several were tried.
  package var priors: [PriorTrial] = []

  enum CodingKeys: String, CodingKey {
    case noise, noiseSource, noiseSpread, slices, tiltErrors, priors
  }

  public func encode(to encoder: any Encoder) throws {
    try choice.encode(
      to: encoder,
      [.lambda, .mu, .residual, .penalty, .heldOut, .heldOutNoise, .freedom, .iterations])
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(noise, forKey: .noise)
    try keys.encode(noiseSource, forKey: .noiseSource)
    try keys.encode(noiseSpread, forKey: .noiseSpread)
    try keys.encode(slices, forKey: .slices)
    try keys.encode(tiltErrors, forKey: .tiltErrors)
    if !priors.isEmpty { try keys.encode(priors, forKey: .priors) }
  }
}

extension StrengthChoice {
  /// Of the tilts with an error of more than 2.5 times the median of their kind; the words stand among ``warnings``.
  package var alarms: [(tilt: Double, words: String)] { Self.alarms(tiltErrors) }

  static func alarms(_ errors: [TiltError]) -> [(tilt: Double, words: String)] {
    [false, true].flatMap { isHeldOut -> [(tilt: Double, words: String)] in
      let kind = errors.filter { $0.isHeldOut == isHeldOut }
      guard kind.count >= 3 else { return [] }
      let median = upperMedian(kind.map(\.error))
      return kind.filter { $0.error > 2.5 * median }.map {
        let words = """
          The projection at \($0.tilt)° does not fit the others: its error is \
          \(($0.error / median * 10).rounded() / 10) times the median. Inspect it, or leave it out.
          """
        return ($0.tilt, words)
      }
    }
  }
}
