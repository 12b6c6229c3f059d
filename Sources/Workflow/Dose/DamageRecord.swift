public import DosePlanning
public import Plots
public import Records

/// What a series tells of damage, with everything that it rests on.
public struct DamageRecord: Sendable, ResultRecord {
  public let command: [String]
  public let inputs: [Sidecar.File]
  /// Electrons/nm² in the whole series, where it is known.
  public let total: Double?
  /// Whether the share of every page is known; otherwise they are taken to be the same.
  public let dosesAreKnown: Bool
  public let report: DamageReport
  public var notes: [String] = []
  public var warnings: [String] {
    get { notes }
    set { notes = newValue }
  }

  enum CodingKeys: String, CodingKey {
    case voxtilt, processor, command, inputs, identifiable, loss, standardError, obstacle, method
    case slices, vacuum, vacuumError, unseen, vacuumTrend, knots, spreadOverKnots
    case scatter, doseNotOfTilt, dose, dosesAreKnown, unit, points, rule, notes
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(loss != nil, forKey: .identifiable)
    try keys.encode(loss?.value, forKey: .loss)
    try keys.encode(loss?.error, forKey: .standardError)
    try keys.encode(obstacle.map { "\($0)" }, forKey: .obstacle)
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
    try keys.encode(Self.rule, forKey: .rule)
    try keys.encode(notes, forKey: .notes)
  }

  /// As parts of 1.
  public var loss: (value: Double, error: Double)? {
    if case .loss(let loss, let error) = report.finding { (loss, error) } else { nil }
  }

  public var obstacle: Obstacle? {
    if case .notIdentifiable(let obstacle) = report.finding { obstacle } else { nil }
  }

  static let rule = """
    A loss is identifiable where its standard error is at most 3 % of the intensity and, unless whole \
    slices lie in view, at least 5 % of the variance of the dose is no smooth function of the tilt.
    """

  static func notes(_ report: DamageReport, vacuum: Double?) -> [String] {
    var notes = [
      "Intensity alone does not tell damage from a drift of the beam or of the detector."
    ]
    if case .gains = report.basis {
      notes.append(
        "No slice is sure to lie wholly in view: its outer bins hold no steady vacuum, or too much noise."
      )
      if vacuum == nil {
        notes.append(
          """
          The level of vacuum cannot be seen and is taken to be 0: a level above it makes the loss \
          look smaller (--vacuum).
          """)
      }
    }
    let count = report.points.count
    if case .loss = report.finding, count <= 5 {
      notes.append(
        """
        The error of \(count) tilts rests on \(count - 2) residual\(count > 3 ? "s" : ""): it may be many times too small. Take \
        more tilts before you believe it.
        """)
    }
    return notes
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

extension DamageRecord {
  /// One row a page, in the order of the pages.
  public func table() throws -> Table {
    var table = Table(["page", "tilt", "position", "dose", "relative", "fitted"])
    for (page, point) in report.points.enumerated() {
      try table.append([
        .integer(page + 1), .number(point.tilt), .integer(point.position),
        .number(point.dose * (total ?? 1)), .number(point.relative), .from(point.fitted),
      ])
    }
    return table
  }

  /// Intensity or gain against the dose that had gone by.
  public func chart() -> Chart {
    let scale = total ?? 1
    let byDose = report.points.sorted { $0.dose < $1.dose }
    let name =
      if case .gains = report.basis { "gain" } else { "total intensity" }
    var series = [
      Chart.Series(
        loss == nil && byDose.allSatisfy { $0.fitted == nil } ? "intensity" : name,
        byDose.map { Chart.Point($0.dose * scale, $0.relative) }, mark: .points)
    ]
    let line = byDose.compactMap { point in
      point.fitted.map { Chart.Point(point.dose * scale, $0) }
    }
    if !line.isEmpty { series.append(Chart.Series("fit", line)) }
    let title =
      loss.map { "Loss \(Self.percent($0.value)) ± \(Self.percent($0.error)) % over the series" }
      ?? "Loss not identifiable"
    return Chart(
      title,
      x: Chart.Axis(
        total == nil ? "Part of the dose that had gone by" : "Electrons/nm² that had gone by"),
      y: Chart.Axis("Relative to no dose"), series: series)
  }

  /// With two decimals.
  public static func percent(_ part: Double) -> Double { (part * 10_000).rounded() / 100 }
}
