import Inversion
package import Plots

extension DeblurredImage {
  /// What was found on the way, as tables and charts: `lambda`, `bands` and `errors`, each as `.csv` and `.svg`,
  /// where there is anything to write.
  package func plots() throws(PlotError) -> [(ending: String, plot: any Writable)] {
    var plots: [(String, any Writable)] = []
    if let choice {
      plots += [(".lambda.csv", try table(choice)), (".lambda.svg", chart(choice))]
    }
    if !bands.isEmpty {
      plots += [(".bands.csv", try bandTable()), (".bands.svg", bandChart())]
    }
    if !errors.isEmpty {
      var table = Table(["iteration", "rmse"])
      for (i, error) in errors.enumerated() {
        try table.append([.integer(i + 1), .number(error)])
      }
      let chart = Chart(
        "Error against the truth", x: Chart.Axis("iteration"), y: Chart.Axis("RMSE"),
        series: [Chart.Series("RMSE", history: errors)])
      plots += [(".errors.csv", table), (".errors.svg", chart)]
    }
    return plots
  }

  private func table(_ choice: ImageChoice) throws(PlotError) -> Table {
    var table = Table(["lambda", "residual", "penalty", "gcv", "heldOut", "rmse", "iterations"])
    for trial in choice.candidates.sorted(by: { $0.lambda < $1.lambda }) {
      let optional = [trial.gcv, trial.heldOut, trial.error]
      try table.append(
        [.number(trial.lambda), .number(trial.residual), .number(trial.penalty)]
          + optional.map { Table.Cell.from($0) }
          + [.integer(trial.iterations)])
    }
    return table
  }

  private func chart(_ choice: ImageChoice) -> Chart {
    let trials = choice.candidates.sorted { $0.lambda < $1.lambda }
    func line(
      _ name: String, _ value: (ImageChoice.Candidate) -> Double?
    ) -> Chart.Series? {
      let points = trials.compactMap { trial in
        value(trial).flatMap { $0 > 0 ? Chart.Point(trial.lambda, $0) : nil }
      }
      return points.isEmpty ? nil : Chart.Series(name, points, mark: .both)
    }
    let lines = [
      line("residual", \.residual), line("root of gcv", { $0.gcv?.squareRoot() }),
      line("error of left-out pixels", \.heldOut), line("error against the truth", \.error),
    ]
    return LambdaChart.path(
      lines.compactMap(\.self), over: trials.map(\.lambda), noise: choice.noise,
      to: choice.lambda, by: choice.rule.rawValue, scale: .logarithmic)
  }

  private func bandTable() throws(PlotError) -> Table {
    var table = Table(["cyclesPerPixel", "signalToNoise", "passed"])
    for band in bands {
      try table.append([
        .number(band.frequency), .number(band.signalToNoise), .number(band.passed),
      ])
    }
    return table
  }

  private func bandChart() -> Chart {
    let passed = bands.map { Chart.Point($0.frequency, $0.passed) }
    return Chart(
      "What the Wiener filter passes", x: Chart.Axis("cycles per pixel"),
      y: Chart.Axis("part of each band", limits: 0...1.05),
      series: [Chart.Series("passed", passed)])
  }
}
