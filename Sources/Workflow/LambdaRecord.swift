import CompressedSensing
import Inversion
import Plots

/// The path of a chosen λ, as a table and a chart beside the result.
struct LambdaRecord {
  let choice: StrengthChoice

  /// `nil` for a report without such a choice.
  init?(_ choice: (any Encodable & Sendable)?) {
    guard let choice = choice as? StrengthChoice else { return nil }
    self.choice = choice
  }

  /// Writes `NAME.lambda.csv` and `NAME.lambda.svg` beside the result.
  func write(beside result: String) throws(PlotError) {
    let name = sidecarPath(of: result).dropLast(".json".count)
    try table().write(to: name + ".lambda.csv")
    try chart().write(to: name + ".lambda.svg")
  }

  private func table() throws(PlotError) -> Table {
    var table = Table(["lambda", "mu", "residual", "penalty", "heldOut", "gcv", "iterations"])
    for trial in choice.choice.trials.sorted(by: { $0.lambda < $1.lambda }) {
      try table.append([
        .number(trial.lambda), .number(trial.mu), .number(trial.residual), .number(trial.penalty),
        trial.heldOut.map { .number($0) } ?? .empty, trial.gcv.map { .number($0) } ?? .empty,
        .integer(trial.iterations),
      ])
    }
    return table
  }

  private func chart() -> Chart {
    let trials = choice.choice.trials.sorted { $0.lambda < $1.lambda }
    func line(_ name: String, _ value: (Trial) -> Double?) -> Chart.Series? {
      let points = trials.compactMap { trial in value(trial).map { Chart.Point(trial.lambda, $0) } }
      return points.isEmpty ? nil : Chart.Series(name, points, mark: .both)
    }
    var series = [line("residual of fitted tilts", \.residual)].compactMap(\.self)
    if let heldOut = line("error of predicted tilts", \.heldOut) { series.append(heldOut) }
    if let gcv = line("root of gcv", { $0.gcv?.squareRoot() }) { series.append(gcv) }
    if let noise = choice.noise, let first = trials.first, let last = trials.last {
      let ends = [first, last].map { Chart.Point($0.lambda, noise) }
      series.append(Chart.Series("noise", ends))
    }
    let values = series.flatMap { $0.points.map(\.y) }
    if let low = values.min(), let high = values.max() {
      let ends = [low, high].map { Chart.Point(choice.choice.lambda, $0) }
      series.append(Chart.Series("chosen by \(choice.choice.rule.rawValue)", ends))
    }
    return Chart(
      "Choice of λ", x: Chart.Axis("λ", scale: .logarithmic), y: Chart.Axis("root mean square"),
      series: series)
  }
}
