import Plots
package import Reporting

extension ReportSection {
  /// What the tilts sample of Fourier space.
  package init(_ summary: CoverageSummary, _ drawing: CoverageDrawing) {
    let missing = summary.missingArcs.map { "\($0[0].digits(4))° to \($0[1].digits(4))°" }
      .joined(separator: ", ")
    self.init(
      "Sampling of the tilts", anchor: "coverage",
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
          svg: drawing.svg,
          caption: "Each line is a projection; the hatched part was not measured.",
          description: """
            The plane kx, kz of Fourier space with \(summary.tiltCount) measured lines. Missing: \
            \(missing.isEmpty ? "nothing" : missing).
            """),
      ])
  }
}
