import Fields
import MissingWedge
import Plots
import Quality
import Records
import Reporting
import StackIO

/// What was measured of the tilts and of the volume, as sections of a report.
extension ReportSection {
  /// What the tilts sample of Fourier space.
  init(_ coverage: CoverageRecipe) {
    let summary = coverage.summary
    let missing = summary.missingArcs.map { "\($0[0].digits(4))° to \($0[1].digits(4))°" }
      .joined(separator: ", ")
    self.init(
      "What the tilts sample", anchor: "coverage",
      [
        .facts([
          ReportFact(
            "Sampled", "\((100 * summary.sampledFraction).digits(4)) % of Fourier space",
            note: missing.isEmpty ? nil : "missing: \(missing); 90° is the beam"),
          ReportFact(
            "Elongation of a point", summary.elongation.map { $0.digits(4) } ?? "infinite",
            note: """
              along \(summary.elongationDirection.digits(4))°: the root of the ratio of curvatures under \
              back-projection, not of the widths of large objects
              """),
          ReportFact(
            "Resolution of the tilts",
            summary.resolutionPerDiameter.map { "\($0.digits(4)) × the diameter of the object" },
            note: summary.largestStep.map { "largest step \($0.digits(4))°" }),
        ]),
        .drawing(
          svg: coverage.drawing.svg,
          caption: "Each line is a projection; what is hatched was not measured.",
          description: """
            The plane kx, kz of Fourier space with \(summary.tiltCount) measured lines. Missing: \
            \(missing.isEmpty ? "nothing" : missing).
            """),
      ])
  }

  /// Correlation, residual, spectrum and indicators, as `voxtilt quality` found them.
  static func quality(_ kept: QualityRecord.Kept, beside volume: String) -> [ReportSection] {
    let account = QualityAccount(kept.quality)
    var detail = Table(account.header)
    for row in account.rows {
      // Rows and header come from one place.
      try? detail.append(row.map { .text($0) })
    }
    let isConsistency = kept.quality.method.character.label != .resolution
    var correlation: [Block] = [
      .paragraph(account.paragraphs[0]),
      .table(detail, caption: "Where the correlation falls below"),
      .chart(QualityCharts.correlation(kept.quality.correlation), caption: ""),
    ]
    correlation += kept.notes.map { .note($0) }
    var residual: [Block] = account.paragraphs.dropFirst().dropLast(2).map { .paragraph($0) }
    residual.append(.chart(QualityCharts.residuals(kept.quality).chart, caption: ""))
    if let map = residualMap(beside: volume) { residual.append(map) }
    let tail = account.paragraphs.suffix(2)
    return [
      ReportSection(
        isConsistency ? "Consistency of two halves" : "Resolution by two halves", anchor: "halves",
        correlation),
      ReportSection("Residual against the noise", anchor: "residual", residual),
      ReportSection(
        "Power spectrum", anchor: "spectrum",
        tail.prefix(1).map { .paragraph($0) }
          + [QualityCharts.spectrum(kept.quality).chart].filter { !$0.series.isEmpty }
          .map { .chart($0, caption: "") }),
      ReportSection(
        "Streaks, stairs and ringing", anchor: "indicators", tail.suffix(1).map { .paragraph($0) }),
    ]
  }

  static func unmeasuredQuality(_ volume: String, because reason: String?) -> [ReportSection] {
    let how = (reason.map { $0 + " " } ?? "") + "voxtilt quality \(volume) measures it."
    return [
      .notMeasured("Resolution by two halves", anchor: "halves", how: how),
      .notMeasured("Residual against the noise", anchor: "residual", how: how),
      .notMeasured("Power spectrum", anchor: "spectrum", how: how),
    ]
  }

  /// The picture of the residual of each tilt and bin that stands beside the volume.
  private static func residualMap(beside volume: String) -> Block? {
    let path = String(sidecarPath(of: volume).dropLast(".json".count)) + ".consistency.tif"
    guard var reader = try? StackReader(path: path) else { return nil }
    let shape = reader.info.shape
    var page = FloatStorage(zeros: shape.pixelsPerPage)
    var pixels = page.mutableSpan
    guard (try? reader.readPage(0, into: &pixels)) != nil else { return nil }
    let zoom = max(1, 480 / max(shape.columnCount, shape.rowCount))
    return .picture(
      Picture(page.span, width: shape.columnCount, limits: 0...2).magnified(by: zoom),
      caption: """
        Residual of each tilt (rows, the lowest at the top) and bin (columns) over the noise, from 0, \
        black, to 2, white. Structure in it is what the volume does not explain.
        """, description: "Map of the residual of every tilt and bin.")
  }
}
