/// How much of a specimen's signal went while a series was taken, as far as the series tells.
package struct DamageReport: Sendable {
  /// What the loss is told from.
  package enum Basis: Sendable, Hashable {
    /// The total intensity of slices that lie wholly in view.
    ///
    /// `unseen` is the part of their mass that a tilt could have in its outer bins unseen, and
    /// `vacuumTrend` the standard error of L that comes from what the vacuum may have done.
    case totalIntensity(
      slices: [Int], vacuum: Double, vacuumError: Double, unseen: Double, vacuumTrend: Double)
    /// The gain of each tilt against a smooth curve through its neighbours in tilt.
    case gains(knots: Int, spreadOverKnots: Double?)
  }

  package enum Finding: Sendable, Hashable {
    /// Of the intensity before the first electron, over the dose of the whole series.
    case loss(Double, standardError: Double)
    case notIdentifiable(Obstacle)
  }

  package let basis: Basis
  package let finding: Finding
  package let points: [Point]
  /// The root mean square of what the fit leaves, relative to the intensity; `nil` without a fit.
  package let scatter: Double?
  /// The part of the dose's variance over the tilts that no smooth function of the tilt explains;
  /// `nil` where it was not asked for.
  package let tolerance: Double?

  /// One page.
  package struct Point: Sendable, Hashable {
    /// Degrees.
    package let tilt: Double
    /// Its place in the order of acquisition, from 1.
    package let position: Int
    /// The part of the whole dose by the middle of its exposure.
    package let dose: Double
    /// Over the intensity that is foretold for no dose; over the mean of all where there is no fit.
    package let relative: Double
    /// What the fit says it should be.
    package let fitted: Double?
  }
}

/// Why a loss cannot be told.
package enum Obstacle: Error, Sendable, Hashable, CustomStringConvertible {
  /// Nothing of the dose, or too little, is not also a smooth function of the tilt.
  case doseFollowsTilt(part: Double)
  case standardError(Double)
  case tooFewTilts(Int)
  case noIntensity

  package var description: String {
    switch self {
    case .doseFollowsTilt(let part):
      """
      no slice is certain to be completely in view, and dose and tilt cannot be separated: only \
      \(Self.percent(part)) % of the variance of the dose is not a smooth function of the tilt \
      (\(Self.percent(DamageSurvey.leastTolerance)) % are needed). Interleaved tilts allow an estimate
      """
    case .standardError(let error):
      """
      the standard error is \(Self.percent(error)) % of the intensity, and more than \
      \(Self.percent(DamageSurvey.largestError)) % is not informative
      """
    case .tooFewTilts(let count):
      "\(count) tilts are too few to separate dose and tilt"
    case .noIntensity:
      "there is no intensity above the vacuum"
    }
  }

  /// With one decimal.
  private static func percent(_ part: Double) -> Double { (part * 1000).rounded() / 10 }
}
