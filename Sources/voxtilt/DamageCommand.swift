import SeriesIO
import ArgumentParser
import DosePlanning
import Fields
import Foundation
import Records
import StackIO
import Workflow

/// `voxtilt damage`
struct DamageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "damage",
    abstract: "Estimate the intensity lost during acquisition.",
    discussion: """
      Where neither slices that are always in view nor the order of the tilts allow an estimate, the answer is \
      'not identifiable', with exit code 0.

      EXAMPLES
        voxtilt damage s.mrc --tilts s.rawtlt --order order.txt
        voxtilt damage s.mrc --order s.mrc.mdoc --dose 1e4 --out damage
      """)

  @Argument(
    help: "The tilt series: TIFF, MRC, ST or ALI, one page per tilt; not normalised by page.")
  var series: String
  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help:
      "A file of angles or start:stop:step; not needed where the stack or its .mdoc contains them."
  )
  var tilts: String?
  @Option(
    help: """
      The position of every page in the order of acquisition, from 1, one per line; or an .mdoc with \
      PriorRecordDose or DateTime.
      """)
  var order: String
  @Option(parsing: .unconditional, help: "Electrons per nm² in the whole series.")
  var dose: Double?
  @Option(
    parsing: .unconditional, help: "The value of vacuum; measured at the outer bins by default.")
  var vacuum: Double?
  @Option(
    help:
      "Direction of the tilt axis in the images: y or x; from the files by default, or y.")
  var tiltAxis: TiltAxis?
  @Option(parsing: .unconditional, help: "Replace NaN and infinite pixels by this value.")
  var replaceNonfinite: Float?
  @Option(help: "Writes PREFIX.svg, PREFIX.csv and PREFIX.json.") var out: String?
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if let dose, !(dose > 0 && dose.isFinite) {
      throw ValidationError("--dose must be above 0 electrons per nm² (got \(dose)).")
    }
    if let vacuum, !vacuum.isFinite { throw ValidationError("--vacuum must be a finite number.") }
    if let replaceNonfinite, !replaceNonfinite.isFinite {
      throw ValidationError("--replace-nonfinite must be a finite number.")
    }
  }

  func run() throws {
    var options = SeriesSource.Options()
    options.tilts = try tilts.map { try TiltAngles(argument: $0) }
    options.axis = tiltAxis
    options.policy = replaceNonfinite.map { .replace($0) } ?? .refuse
    var recipe = DamageRecipe(try SeriesSource(path: series, options), order: order)
    (recipe.dose, recipe.vacuum, recipe.prefix) = (dose, vacuum, out)
    recipe.command = TypedCommand.words
    recipe.overwrites = overwriting.force
    if try memory.isAnswered(by: &recipe, json: messages.json) { return }
    let record = try recipe.run(messages.follower)
    if !messages.quiet { for note in record.warnings { Terminal.say("note: \(note)") } }
    if messages.json { try Terminal.printJSON(record) } else { show(record) }
  }

  private func show(_ record: DamageRecord) {
    if let loss = record.report.loss {
      let total = record.total.map { " (\(Terminal.short($0)) electrons/nm²)" } ?? ""
      print(
        "loss      \(DamageReport.percent(loss.value)) ± \(DamageReport.percent(loss.error)) % "
          + "over the series\(total)")
    } else {
      print("loss      not identifiable: \(record.report.obstacle.map { "\($0)" } ?? "").")
    }
    switch record.report.basis {
    case .totalIntensity(let slices, let vacuum, let error, let unseen, let trend):
      print(
        """
        basis     the total intensity of \(slices.count) slices that are always in view
        vacuum    \(Terminal.short(vacuum)) ± \(Terminal.short(error)); up to \
        \(DamageReport.percent(unseen)) % of the mass could be hidden in the outer bins, \
        and a trend causes \(DamageReport.percent(trend)) % of the error
        """)
    case .gains(let knots, let spread):
      let more = spread.map { ", \(DamageReport.percent($0)) % between 3 curves" } ?? ""
      print("basis     the gain of each tilt against a curve of \(knots) knots through all\(more)")
    }
    if let scatter = record.report.scatter {
      print("scatter   \(DamageReport.percent(scatter)) % about the fit")
    }
  }
}
