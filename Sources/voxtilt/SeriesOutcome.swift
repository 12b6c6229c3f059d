import Errors
import Plots

/// What a pipeline made of one series.
struct SeriesOutcome: Encodable {
  struct Stage: Encodable {
    let stage: String
    let command: [String]
    /// Whether it was run, and not kept from an earlier time.
    let isMade: Bool
    let seconds: Double
  }

  let series: String
  let folder: String
  let volume: String?
  let stages: [Stage]
  let failure: String?
  let exitCode: Int32
  let error: (any Error)?

  init(_ pipeline: SeriesPipeline, _ error: (any Error)?) {
    (series, folder, stages) = (pipeline.series, pipeline.folder, pipeline.stages)
    volume = error == nil ? pipeline.volume : nil
    (self.error, failure) = (error, error.map { Failure.words(of: $0) })
    exitCode = error.map { Failure.category(of: $0).rawValue } ?? 0
  }

  private enum CodingKeys: String, CodingKey {
    case series, folder, volume, stages, failure, exitCode
  }

  private var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }

  private func names(_ isMade: Bool) -> String {
    stages.filter { $0.isMade == isMade }.map(\.stage).joined(separator: " ")
  }

  /// One row a series.
  static func table(_ outcomes: [SeriesOutcome]) throws -> Table {
    var table = Table(["series", "result", "made", "kept", "seconds", "failure"])
    for outcome in outcomes {
      try table.append([
        .text(outcome.series), .text(outcome.volume ?? ""), .text(outcome.names(true)),
        .text(outcome.names(false)), .number(outcome.seconds), .text(outcome.failure ?? ""),
      ])
    }
    return table
  }

  static func show(_ outcomes: [SeriesOutcome]) {
    print("")
    for outcome in outcomes {
      let time = "\(Terminal.short(outcome.seconds)) s"
      print(
        outcome.failure.map { "FAILED  \(outcome.series): \($0)" }
          ?? "done    \(outcome.series): \(outcome.volume ?? ""), \(time)")
    }
  }
}
