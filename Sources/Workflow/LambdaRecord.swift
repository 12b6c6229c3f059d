import CompressedSensing
import Inversion
import Plots
import Records

/// The path of a chosen λ, as a table and a chart beside the result.
struct LambdaRecord {
  static let endings = [".lambda.csv", ".lambda.svg"]
  let choice: StrengthChoice

  /// `nil` for a report without such a choice.
  init?(_ choice: (any Encodable & Sendable)?) {
    guard let choice = choice as? StrengthChoice else { return nil }
    self.choice = choice
  }

  /// Adds `NAME.lambda.csv` and `NAME.lambda.svg`.
  func add(to files: ResultFiles, beside result: String) throws {
    try files.add(try table(), at: basePath(of: result) + ".lambda.csv")
    try files.add(chart(), at: basePath(of: result) + ".lambda.svg")
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
