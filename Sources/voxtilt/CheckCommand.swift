import Errors
import ArgumentParser
import Preparation
import Reconstruction
import Records
import Workflow

/// `voxtilt check`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find faults in a raw tilt series before it is processed.",
    discussion: """
      The exit code is 65 where a fault makes the series unusable, and 0 where there are only notes \
      and warnings.

      EXAMPLES
        voxtilt check series.mrc --tilts series.rawtlt
        voxtilt check series.mrc --tilt-axis x --picture check.svg --json
      """)

  @OptionGroup var series: RawSeriesOptions
  @Option(help: "Also draw a summary sheet: an SVG file.") var picture: String?
  @Option(
    help:
      "Also save the findings as a JSON file, for --check of the following commands."
  )
  var out: String?
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func run() throws {
    var recipe = try recipe()
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    var record = try survey(draws: true)
    if let out { record = try keep(record, at: out) }
    if !options.quiet { for warning in record.warnings { Terminal.say("note: \(warning)") } }
    if options.json { try Terminal.printJSON(record) } else if !options.quiet { Self.show(record) }
    if record.verdict == .fault { throw UnfitSeries(record) }
  }

  func survey(draws: Bool) throws -> CheckRecord {
    var recipe = try recipe()
    recipe.memoryLimit = memory.maxMemory.value
    if draws { recipe.picture = picture }
    recipe.overwrites = overwriting.force
    var record = try recipe.run(options.follower)
    record.result.setSpeed(secondsPerUpdate: try DryRun.secondsPerVoxelTilt(options.workers))
    return record
  }

  /// Writes the record that later commands take as `--check`.
  func keep(_ record: CheckRecord, at path: String) throws -> CheckRecord {
    try ResultFiles(
      record: path, inputs: record.inputs.map(\.path), overwrites: overwriting.force
    ).finish(record)
  }

  private func recipe() throws -> CheckRecipe {
    var recipe = CheckRecipe(try series.source())
    (recipe.workers, recipe.command) = (options.workers, TypedCommand.words)
    return recipe
  }

  static func show(_ record: CheckRecord) {
    let marks: [Finding.Verdict: String] = [
      .fault: "FAULT", .warning: "warning", .note: "note", .passed: "ok",
    ]
    for finding in record.findings {
      let mark = padded(marks[finding.verdict] ?? "", to: 9)
      print(mark + padded(finding.kind.rawValue, to: 12) + finding.words)
      if let cure = finding.cure { print(padded("", to: 21) + "→ " + cure) }
    }
    let time = record.cost.seconds.map { ", about \(Terminal.short($0)) s" } ?? ""
    print(
      padded("", to: 9) + padded("cost", to: 12)
        + "SIRT, 50 iterations, as deep as wide: \(MemoryPlan.words(record.cost.memoryBytes))\(time)."
    )
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

/// A series that `check` calls unfit; its findings have been shown.
struct UnfitSeries: CategorisedError {
  var category: ErrorCategory { .badData }
  let faults: Int

  init(_ record: CheckRecord) { faults = record.findings.count { $0.verdict == .fault } }

  var description: String {
    "The series has \(faults) fault\(faults == 1 ? "" : "s"). Fix the problems in the table."
  }
}
