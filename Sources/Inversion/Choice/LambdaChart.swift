package import Plots

/// What came of every λ that was tried, as a table and charts.
package struct LambdaChart {
  private let trials: [Trial]
  private let noise: Double?

  package init(_ trials: [Trial], noise: Double?) {
    self.trials = trials.sorted { $0.lambda < $1.lambda }
    self.noise = noise
  }

  package func table() throws(PlotError) -> Table {
    var table = Table(["lambda", "mu", "residual", "penalty", "heldOut", "gcv", "iterations"])
    for trial in trials {
      try table.append([
        .number(trial.lambda), .number(trial.mu), .number(trial.residual), .number(trial.penalty),
        .from(trial.heldOut), .from(trial.gcv),
        .integer(trial.iterations),
      ])
    }
    return table
  }

  /// Errors over λ, and what was chosen.
  package func path(to lambda: Double, by rule: String) -> Chart {
    let lines = [
      line("residual of fitted tilts", \.residual), line("error of predicted tilts", \.heldOut),
      line("root of gcv", { $0.gcv?.squareRoot() }),
    ]
    let lambdas = trials.map(\.lambda)
    return Self.path(
      lines.compactMap(\.self), over: lambdas, noise: noise, to: lambda, by: rule)
  }

  /// - Parameters:
  ///   - lines: what was measured at each λ.
  ///   - lambdas: ascending.
  package static func path(
    _ lines: [Chart.Series], over lambdas: [Double], noise: Double?, to lambda: Double,
    by rule: String, scale: Chart.Axis.Scale = .linear
  ) -> Chart {
    var series = lines
    if let noise, let first = lambdas.first, let last = lambdas.last {
      series.append(.curve("noise", [first, last], [noise, noise]))
    }
    let values = series.flatMap { $0.points.map(\.y) }
    if let low = values.min(), let high = values.max() {
      series.append(.curve("chosen by \(rule)", [lambda, lambda], [low, high]))
    }
    return Chart(
      "Choice of λ", x: Chart.Axis("λ", scale: .logarithmic),
      y: Chart.Axis("root mean square", scale: scale), series: series)
  }

  /// The prior over the residual, both logarithmic, and what was chosen; `nil` for fewer than two
  /// points that have a place there.
  package func lCurve(chosen lambda: Double) -> Chart? {
    let shown = trials.filter { $0.residual > 0 && $0.penalty > 0 }
    guard shown.count > 1 else { return nil }
    var series = [
      Chart.Series(
        "trials", shown.map { Chart.Point($0.residual, $0.penalty) }, mark: .both)
    ]
    if let chosen = shown.first(where: { abs($0.lambda - lambda) <= 1e-9 * lambda }) {
      series.append(
        Chart.Series("chosen", [Chart.Point(chosen.residual, chosen.penalty)], mark: .points))
    }
    return Chart(
      "L-curve", x: Chart.Axis("residual of fitted tilts, root mean square", scale: .logarithmic),
      y: Chart.Axis("prior R(x)", scale: .logarithmic), series: series)
  }

  private func line(_ name: String, _ value: (Trial) -> Double?) -> Chart.Series? {
    let points = trials.compactMap { trial in value(trial).map { Chart.Point(trial.lambda, $0) } }
    return points.isEmpty ? nil : Chart.Series(name, points, mark: .both)
  }
}
