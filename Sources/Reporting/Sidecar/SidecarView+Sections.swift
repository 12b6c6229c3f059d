import Inversion
import Inversion
import Plots

/// What the sidecar tells of the run, as sections of a report.
extension SidecarView {
  package var sections: [ReportSection] { [convergence, choice, tiltErrors] }

  private func points(_ key: String) -> [Chart.Point] {
    root["history"].elements.compactMap { entry in
      guard let iteration = entry["iteration"].double, let value = entry[key].double,
        value > 1e-290 && value < 1e290
      else { return nil }
      return Chart.Point(iteration, value)
    }
  }

  private var convergence: ReportSection {
    let named = [
      ("misfit ‖y − Hx‖ / ‖y‖", points("misfit")), ("change ‖Δx‖ / ‖x‖", points("relativeChange")),
    ]
    let mark: Chart.Series.Mark = root["history"].elements.count > 30 ? .line : .both
    let series = named.filter { !$0.1.isEmpty }.map { Chart.Series($0.0, $0.1, mark: mark) }
    guard !series.isEmpty else {
      let isDirect = root["stopReason"].text == "direct" || command.first == "phantom"
      return .notMeasured(
        "Convergence", anchor: "convergence",
        how: isDirect
          ? "The volume was made in one pass: there are no iterations to show."
          : "The sidecar has no history. Iterative methods record one in every run.")
    }
    var blocks: [ReportSection.Block] = [
      .chart(
        Chart(
          "", x: Chart.Axis("iteration"), y: Chart.Axis("relative", scale: .logarithmic),
          series: series),
        caption: """
          The misfit is the part of the series that the projections of the volume do not explain; noise keeps it above \
          zero. The change is that of the volume in one iteration.
          """)
    ]
    let objective = points("objective")
    if objective.count > 1 {
      blocks.append(
        .chart(
          Chart(
            "", x: Chart.Axis("iteration"), y: Chart.Axis("objective", scale: .logarithmic),
            series: [Chart.Series("objective", objective, mark: mark)]),
          caption: "The objective of the method: fit and prior together."))
    }
    return ReportSection("Convergence", anchor: "convergence", blocks)
  }

  private var choice: ReportSection {
    let (title, anchor) = ("Choice of λ", "lambda")
    guard let lambda, !candidates.isEmpty else {
      return .notMeasured(
        title, anchor: anchor,
        how: "Only one strength of the prior, or none, was tried. "
          + "voxtilt reconstruct --method cs --lambda auto, or --method tv-sart --choose halving, tries several and records them."
      )
    }
    let choice = root["lambdaChoice"]
    let noise = choice["noise"].double
    let charts = LambdaChart(candidates, noise: noise)
    let rule = choice["rule"].text ?? "an unknown rule"
    var blocks: [ReportSection.Block] = [
      .chart(
        charts.path(to: lambda, by: rule),
        caption: "Each λ that was tried on some of the slices, with its errors.")
    ]
    if let curve = charts.lCurve(chosen: lambda) {
      blocks.append(
        .chart(curve, caption: "Left: close to the measurements. Down: close to the prior."))
    }
    let verdicts = choice["verdicts"].members.sorted { $0.key < $1.key }
    blocks.append(
      .facts(
        [
          ReportFact("chosen λ", inWords(lambda), note: "by \(rule)"),
          ReportFact("noise", noise.map(inWords), note: choice["noiseSource"].text),
        ]
          + verdicts.map {
            ReportFact("\($0.key) would choose", $0.value.double.map(inWords))
          }))
    return ReportSection(title, anchor: anchor, blocks)
  }

  private var tiltErrors: ReportSection {
    let (title, anchor) = ("Residual error of each tilt", "tilt-residuals")
    let errors = root["lambdaChoice"]["tiltErrors"].elements
    let series = [(false, "fitted"), (true, "predicted, held out")].compactMap { kind, name in
      let points = errors.filter { $0["isHeldOut"] == .flag(kind) }.compactMap { entry in
        entry["tilt"].double.flatMap { tilt in
          entry["error"].double.map { Chart.Point(tilt, $0) }
        }
      }
      .sorted { $0.x < $1.x }
      return points.isEmpty ? nil : Chart.Series(name, points, mark: kind ? .points : .both)
    }
    guard !series.isEmpty else {
      return .notMeasured(
        title, anchor: anchor,
        how: "voxtilt reconstruct --method cs --lambda auto records it for every tilt.")
    }
    return ReportSection(
      title, anchor: anchor,
      [
        .chart(
          Chart(
            "", x: Chart.Axis("tilt / degrees"),
            y: Chart.Axis("root mean square of y − Hx"), series: series),
          caption: """
            At the chosen λ, on the slices on which it was chosen. A tilt with a large error is shifted, \
            blurred or drifted relative to the others.
            """)
      ])
  }
}
