import Plots
package import Reporting

/// What was measured of a volume, as sections of a report.
extension ReportSection {
  /// Correlation, residual, spectrum and indicators.
  ///
  /// - Parameter residuals: the picture of the residual of each tilt and bin, where there is one.
  package static func quality(
    _ result: QualityResult, notes: [String], residuals: Block?
  ) -> [ReportSection] {
    let account = QualityAccount(result)
    var detail = Table(account.header)
    for row in account.rows {
      // Rows and header come from one place.
      try? detail.append(row.map { .text($0) })
    }
    let isConsistency = result.method.character.label != .resolution
    var correlation: [Block] = [
      .paragraph(account.paragraphs[0]),
      .table(detail, caption: "Where the correlation falls below"),
      .chart(QualityCharts.correlation(result.correlation), caption: ""),
    ]
    correlation += notes.map { .note($0) }
    var residual: [Block] = account.paragraphs.dropFirst().dropLast(2).map { .paragraph($0) }
    residual.append(.chart(QualityCharts.residuals(result).chart, caption: ""))
    if let residuals { residual.append(residuals) }
    let tail = account.paragraphs.suffix(2)
    return [
      ReportSection(
        isConsistency ? "Consistency of two halves" : "Resolution by two halves", anchor: "halves",
        correlation),
      ReportSection("Residual against the noise", anchor: "residual", residual),
      ReportSection(
        "Power spectrum", anchor: "spectrum",
        tail.prefix(1).map { .paragraph($0) }
          + [QualityCharts.spectrum(result).chart].filter { !$0.series.isEmpty }
          .map { .chart($0, caption: "") }),
      ReportSection(
        "Streaks, stairs and ringing", anchor: "indicators", tail.suffix(1).map { .paragraph($0) }),
    ]
  }

  /// Sections that say how to measure what was not.
  package static func unmeasuredQuality(_ volume: String, because reason: String?)
    -> [ReportSection]
  {
    let how = (reason.map { $0 + " " } ?? "") + "voxtilt quality \(volume) measures it."
    return [
      .notMeasured("Resolution by two halves", anchor: "halves", how: how),
      .notMeasured("Residual against the noise", anchor: "residual", how: how),
      .notMeasured("Power spectrum", anchor: "spectrum", how: how),
    ]
  }
}
