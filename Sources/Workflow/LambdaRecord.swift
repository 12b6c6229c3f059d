import SeriesIO
import Inversion
import Records

/// The path of a chosen λ, as a table and a chart beside the result.
struct LambdaRecord {
  static let endings = [".lambda.csv", ".lambda.svg"]
  let choice: any ChosenStrength

  /// `nil` for a report without such a choice.
  init?(_ choice: (any Encodable & Sendable)?) {
    guard let choice = choice as? any ChosenStrength else { return nil }
    self.choice = choice
  }

  /// Adds `NAME.lambda.csv` and `NAME.lambda.svg`.
  func add(to files: ResultFiles, beside result: String) throws {
    let (choice, name) = (choice.choice, basePath(of: result))
    let chart = LambdaChart(choice.trials, noise: self.choice.noise)
    try files.add(
      try chart.table(
        [.lambda, .mu, .residual, .penalty, .heldOut, .gcv, .iterations]), at: name + ".lambda.csv")
    try files.add(chart.path(to: choice.lambda, by: choice.rule.rawValue), at: name + ".lambda.svg")
  }
}
