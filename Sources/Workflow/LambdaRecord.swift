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
    LambdaChart(choice.choice.trials, noise: choice.noise)
      .path(to: choice.choice.lambda, by: choice.choice.rule.rawValue)
  }
}
