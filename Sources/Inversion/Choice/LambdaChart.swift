package import Plots

/// What came of every λ that was tried, as a table and charts.
package struct LambdaChart {
  private let trials: [LambdaTrial]
  private let noise: Double?

  package init(_ trials: [LambdaTrial], noise: Double?) {
    self.trials = trials.sorted { $0.lambda < $1.lambda }
    self.noise = noise
  }

  /// From the smallest λ up.
  package func table(_ columns: [LambdaTrial.Column]) throws(PlotError) -> Table {
    var table = Table(columns.map(\.rawValue))
    for trial in trials {
      try table.append(
        columns.map { $0 == .iterations ? .integer(trial.iterations) : .from(trial[$0]) })
    }
    return table
  }

  /// What of a trial is drawn as a line, by its name.
  package typealias Line = (name: String, value: (LambdaTrial) -> Double?)

  package static var tiltLines: [Line] {
    [
      ("residual of fitted tilts", \.residual), ("error of predicted tilts", \.heldOut),
      ("root of gcv", { $0.gcv?.squareRoot() }),
    ]
  }

  /// Errors over λ, and what was chosen.
  package func path(
    to lambda: Double, by rule: String, _ lines: [Line] = tiltLines,
    scale: Chart.Axis.Scale = .linear
  ) -> Chart {
    var series = series(lines, isLogarithmic: scale == .logarithmic, mark: .both)
    if let noise, let first = trials.first?.lambda, let last = trials.last?.lambda {
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

  /// - Parameter isLogarithmic: then what has no logarithm is left out.
  package func series(
    _ lines: [Line], isLogarithmic: Bool, mark: Chart.Series.Mark
  ) -> [Chart.Series] {
    lines.compactMap { line in
      let points = trials.compactMap { trial in
        line.value(trial).flatMap {
          $0 > 0 || !isLogarithmic ? Chart.Point(trial.lambda, $0) : nil
        }
      }
      return points.isEmpty ? nil : Chart.Series(line.name, points, mark: mark)
    }
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
}
