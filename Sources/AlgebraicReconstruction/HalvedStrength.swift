public import Inversion

/// How λ was chosen by halves, with everything that was tried.
public struct HalvedStrength: ChosenStrength, Hashable {
  /// The λ that was chosen, and every λ that was tried with the residual and the total variation of its result.
  public let choice: LambdaChoice
  /// What residuals are compared with, in the units of the series.
  public var noise: Double? { level }
  let level: Double
  /// Where ``noise`` comes from, in words, such as `given` or `second differences of the projections`.
  public let noiseSource: String
  /// Half the spread of the estimate over the tilts, relative to it.
  package let noiseSpread: Double?
  /// The slices on which values were tried.
  package let slices: [Int]

  private enum CodingKeys: CodingKey { case noise, noiseSource, noiseSpread, slices }

  public func encode(to encoder: any Encoder) throws {
    try choice.encode(to: encoder, [.lambda, .residual, .penalty, .iterations])
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(noise, forKey: .noise)
    try keys.encode(noiseSource, forKey: .noiseSource)
    try keys.encode(noiseSpread, forKey: .noiseSpread)
    try keys.encode(slices, forKey: .slices)
  }
}
