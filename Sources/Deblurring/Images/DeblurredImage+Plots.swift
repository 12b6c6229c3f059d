import Inversion
package import Plots

extension DeblurredImage {
  /// What was found on the way, as tables and charts: `lambda`, `bands` and `errors`, each as `.csv` and `.svg`,
  /// where there is anything to write.
  package func plots() throws(PlotError) -> [(ending: String, plot: any Writable)] {
    var plots: [(String, any Writable)] = []
    if let choice {
      let table = try LambdaChart(choice.trials, noise: nil).table(
        [.lambda, .residual, .penalty, .gcv, .heldOut, .rmse, .iterations])
      plots += [(".lambda.csv", table), (".lambda.svg", chart(choice))]
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

  private func chart(_ choice: ImageChoice) -> Chart {
    LambdaChart(choice.trials, noise: choice.noise).path(
      to: choice.lambda, by: choice.rule.rawValue,
      [
        ("residual", \.residual), ("root of gcv", { $0.gcv?.squareRoot() }),
        ("error of left-out pixels", \.heldOut), ("error against the truth", \.error),
      ], scale: .logarithmic)
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
      "Transmission of the Wiener filter", x: Chart.Axis("cycles per pixel"),
      y: Chart.Axis("fraction of each band", limits: 0...1.05),
      series: [Chart.Series("passed", passed)])
  }
}
