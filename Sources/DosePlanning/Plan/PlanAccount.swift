package import Plots

/// A plan in words and figures for people.
package struct PlanAccount {
  private let grid: DoseGrid
  private let cells: [PlanCell]
  package let verdicts: [TiltVerdict]

  package init(_ grid: DoseGrid, _ cells: [PlanCell]) {
    (self.grid, self.cells, verdicts) = (grid, cells, TiltVerdict.all(cells))
  }

  /// What `enough` means.
  package static let rule = """
    More tilts help where the mean RMSE falls by more than \(Int(TiltVerdict.errors)) standard errors \
    of the difference and by more than 1 %; the error of one run is pooled over the counts of a method.
    """

  /// What a reader of the plan should know.
  package func notes(sharesProjector: Bool) -> [String] {
    var notes: [String] = []
    if grid.budget.readNoise == 0 {
      notes.append(
        """
        The read noise is 0, so an electron gives the same information in any image: dose fractionation predicts \
        a plateau, and many tilts have no disadvantage here. A real detector has read noise \
        (--read-noise).
        """)
    }
    if sharesProjector {
      notes.append(
        """
        A volume is projected by the projector that the methods invert, which favours them. \
        A phantom recipe has exact line integrals.
        """)
    }
    if grid.repeats == 1 {
      notes.append(
        "One repeat has no statistical error, so the number of tilts that is enough is not reported."
      )
    }
    if cells.contains(where: \.resolutionIsLimit) {
      notes.append(
        "Some resolutions are limits: the correlation does not fall through 0.5, or has no shell.")
    }
    return notes
  }

  /// One row a cell.
  package func table() throws -> Table {
    var table = Table([
      "method", "tilts", "dosePerTilt", "brightestCounts", "rmse", "rmseDeviation",
      "resolutionNm", "resolutionDeviation", "resolutionIsLimit", "lambda", "iterations", "seconds",
    ])
    for cell in cells {
      let list = { (values: [String]) in Table.Cell.text(values.joined(separator: " ")) }
      try table.append([
        .text(cell.method), .integer(cell.tiltCount), .number(cell.dosePerTilt),
        .number(cell.brightestCounts), .number(cell.rmse.mean), .from(cell.rmse.deviation),
        .from(cell.resolution?.mean), .from(cell.resolution?.deviation),
        .text(cell.resolutionIsLimit ? "yes" : "no"),
        list(cell.runs.compactMap { $0.lambda.map { "\($0)" } }),
        list(cell.runs.map { "\($0.iterations)" }),
        .number(cell.runs.reduce(0) { $0 + $1.seconds } / Double(cell.runs.count)),
      ])
    }
    return table
  }

  package func errorChart() -> Chart {
    Chart(
      "RMSE " + title, x: tilts, y: Chart.Axis("RMSE"),
      series: lines { $0.rmse.mean })
  }

  /// `nil` where no cell has a resolution.
  package func resolutionChart() -> Chart? {
    let lines = lines { $0.resolution?.mean }
    guard lines.contains(where: { !$0.points.isEmpty }) else { return nil }
    return Chart(
      "Resolution " + title, x: tilts,
      y: Chart.Axis("Resolution / nm (correlation with the truth 0.5)"), series: lines)
  }

  private var title: String {
    let budget = grid.budget
    let noise =
      budget.readNoise > 0
      ? ", read noise of \(number(budget.readNoise)) electrons" : ", no read noise"
    return "at \(number(budget.total)) electrons/nm², ±\(number(grid.range))°\(noise)"
  }

  private var tilts: Chart.Axis { Chart.Axis("Number of tilts", scale: .logarithmic) }

  private func lines(_ value: (PlanCell) -> Double?) -> [Chart.Series] {
    verdicts.map { verdict in
      let own = cells.filter { $0.method == verdict.method }
      return Chart.Series(
        verdict.method,
        own.compactMap { cell in value(cell).map { Chart.Point(Double(cell.tiltCount), $0) } },
        mark: .both)
    }
  }
}

/// 5000, not 5000.0.
private func number(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
}
