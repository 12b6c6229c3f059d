package import Records

/// What a series tells of damage, with everything that it rests on.
package typealias DamageRecord = Recorded<DamageResult>

package struct DamageResult: Sendable, Encodable {
  /// Electrons/nm² in the whole series, where it is known.
  package let total: Double?
  /// Whether the share of every page is known; otherwise they are taken to be the same.
  package let dosesAreKnown: Bool
  package let report: DamageReport

  enum CodingKeys: CodingKey {
    case identifiable, loss, standardError, obstacle, method, slices, vacuum, vacuumError, unseen
    case vacuumTrend, knots, spreadOverKnots, scatter, doseNotOfTilt, dose, dosesAreKnown, unit
    case points, rule
  }

  package func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(report.loss != nil, forKey: .identifiable)
    try keys.encode(report.loss?.value, forKey: .loss)
    try keys.encode(report.loss?.error, forKey: .standardError)
    try keys.encode(report.obstacle.map { "\($0)" }, forKey: .obstacle)
    switch report.basis {
    case .totalIntensity(let slices, let vacuum, let error, let unseen, let trend):
      try keys.encode("totalIntensity", forKey: .method)
      try keys.encode(slices, forKey: .slices)
      try keys.encode(vacuum, forKey: .vacuum)
      try keys.encode(error, forKey: .vacuumError)
      try keys.encode(unseen, forKey: .unseen)
      try keys.encode(trend, forKey: .vacuumTrend)
    case .gains(let knots, let spread):
      try keys.encode("gains", forKey: .method)
      try keys.encode(knots, forKey: .knots)
      try keys.encode(spread, forKey: .spreadOverKnots)
    }
    try keys.encode(report.scatter, forKey: .scatter)
    try keys.encode(report.tolerance, forKey: .doseNotOfTilt)
    try keys.encode(total, forKey: .dose)
    try keys.encode(dosesAreKnown, forKey: .dosesAreKnown)
    try keys.encode("electrons/nm²", forKey: .unit)
    try keys.encode(report.points.map(Point.init), forKey: .points)
    try keys.encode(DamageReport.rule, forKey: .rule)
  }

  struct Point: Encodable {
    let tilt: Double
    let position: Int
    let dose: Double
    let relative: Double
    let fitted: Double?

    init(_ point: DamageReport.Point) {
      (tilt, position, dose) = (point.tilt, point.position, point.dose)
      (relative, fitted) = (point.relative, point.fitted)
    }
  }
}
