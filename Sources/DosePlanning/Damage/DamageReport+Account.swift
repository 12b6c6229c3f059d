package import Plots

/// What was found, in words and figures for people.
extension DamageReport {
  /// As parts of 1.
  package var loss: (value: Double, error: Double)? {
    if case .loss(let loss, let error) = finding { (loss, error) } else { nil }
  }

  package var obstacle: Obstacle? {
    if case .notIdentifiable(let obstacle) = finding { obstacle } else { nil }
  }

  package static let rule = """
    A loss is identifiable where its standard error is at most 3 % of the intensity and, unless whole \
    slices are in view, at least 5 % of the variance of the dose is not a smooth function of the tilt.
    """

  /// What a reader of the answer should know.
  package func notes(vacuum: Double?) -> [String] {
    var notes = [
      "Intensity alone does not distinguish damage from a drift of the beam or of the detector."
    ]
    if case .gains = basis {
      notes.append(
        "No slice is certain to be completely in view: its outer bins show no steady vacuum, or too much noise."
      )
      if vacuum == nil {
        notes.append(
          """
          The level of vacuum cannot be measured and is taken to be 0: a higher level makes the loss \
          look smaller (--vacuum).
          """)
      }
    }
    let count = points.count
    if case .loss = finding, count <= 5 {
      notes.append(
        """
        The error of \(count) tilts is based on \(count - 2) residual\(count > 3 ? "s" : ""): it may be many times too small. Record \
        more tilts before relying on it.
        """)
    }
    return notes
  }

  /// One row a page, in the order of the pages.
  /// - Parameter total: electrons/nm² in the whole series, where it is known.
  package func table(total: Double?) throws -> Table {
    var table = Table(["page", "tilt", "position", "dose", "relative", "fitted"])
    for (page, point) in points.enumerated() {
      try table.append([
        .integer(page + 1), .number(point.tilt), .integer(point.position),
        .number(point.dose * (total ?? 1)), .number(point.relative), .from(point.fitted),
      ])
    }
    return table
  }

  /// Intensity or gain against the cumulative dose.
  package func chart(total: Double?) -> Chart {
    let scale = total ?? 1
    let byDose = points.sorted { $0.dose < $1.dose }
    let name =
      if case .gains = basis { "gain" } else { "total intensity" }
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
        total == nil ? "Cumulative dose (fraction of the total)" : "Cumulative dose (electrons/nm²)"
      ),
      y: Chart.Axis("Intensity relative to zero dose"), series: series)
  }

  /// With two decimals.
  package static func percent(_ part: Double) -> Double { (part * 10_000).rounded() / 100 }
}
