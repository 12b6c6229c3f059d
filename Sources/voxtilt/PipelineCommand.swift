import Errors
import Alignment
import ArgumentParser
import Fields
import Foundation
import Plots
import Reconstruction
import Records
import Workflow

/// `voxtilt pipeline`
struct PipelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "From raw tilt series to tomograms: check, prepare, align, reconstruct, report.",
    discussion: """
      Every series gets a folder NAME.voxtilt next to it with the files of all stages. Results of an earlier run \
      are kept where version, command and bytes are the same. Options of a stage replace its defaults; none \
      omits prepare or align. A series that fails does not stop the others.

      EXAMPLES
        voxtilt pipeline raw.mrc --tilts raw.rawtlt
        voxtilt pipeline raw.mrc --reconstruct "--method sirt --iterations 50 --non-negative" --from reconstruct
        voxtilt pipeline session/*.mrc --out results --summary results.csv
      """)

  @Argument(help: "Raw tilt series: TIFF, MRC, ST or ALI, one page per tilt.")
  var series: [String]

  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: ArgumentHelp(
      "A file of angles or start:stop:step, in degrees, for all series.",
      discussion:
        "By default from the series, its sidecar, .mdoc or .rawtlt, or else from NAME.tlt next to it."
    ))
  var tilts: String?

  @Option(
    help: "Direction of the tilt axis in the images, y or x; the result of check by default.")
  var tiltAxis: TiltAxis?

  @Flag(help: "Change the sign of every angle.") var flipTilts = false

  @Option(parsing: .unconditional, help: "The size of a pixel in nm; overrides the file.")
  var voxelSize: Double?

  @Option(help: "Where to create the folders instead.") var out: String?

  @Option(parsing: .unconditional, help: "Options of prepare, or none.")
  var prepare: String?

  @Option(parsing: .unconditional, help: "Options of align, or none.")
  var align: String?

  @Option(
    parsing: .unconditional,
    help: "Options of reconstruct. Default: \"--method cs\", with λ chosen.")
  var reconstruct: String?

  @Flag(
    help: "A report without measuring quality, which takes 2.7 times as long as the reconstruction."
  )
  var quick = false

  @Option(help: "Repeat this stage and all after it: check, prepare, align, reconstruct or report.")
  var from: StageName?

  @Flag(help: "Continue where check finds faults.") var ignoreFaults = false
  @Option(help: "Also write the summary as a table, .csv.") var summary: String?

  @Flag(help: "Check, report which commands would run and which results are up to date, and stop.")
  var dryRun = false

  @Option(help: "Memory limit of each stage, such as 800M or 4G.")
  var maxMemory = ByteCount.standard

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions

  func validate() throws {
    guard !series.isEmpty else {
      throw ValidationError("No tilt series is given. Name one or more.")
    }
    var places: [String: String] = [:]
    for path in series {
      if let other = places.updateValue(path, forKey: folder(for: path)) {
        throw ValidationError(
          "'\(other)' and '\(path)' would share the folder '\(folder(for: path))'. Run them separately."
        )
      }
    }
    if let summary, !summary.lowercased().hasSuffix(".csv") {
      throw ValidationError("'\(summary)' is not the name of a table. End --summary in .csv.")
    }
  }

  func run() throws {
    let door = try summary.map { path in
      let files = try ResultFiles(record: nil, inputs: series, overwrites: overwriting.force)
      try files.claim(path, start: Array(try SeriesOutcome.table([]).contents()))
      return files
    }
    var outcomes: [SeriesOutcome] = []
    for path in series {
      if series.count > 1 && !options.quiet { Terminal.say("\n\(path)") }
      var pipeline = SeriesPipeline(self, path, folder: folder(for: path))
      do {
        try pipeline.run()
        outcomes.append(SeriesOutcome(pipeline, nil))
      } catch let failure as StageFailure where failure.isInterruption {
        throw failure
      } catch {
        outcomes.append(SeriesOutcome(pipeline, error))
        guard series.count > 1 else { break }
        Terminal.say("voxtilt: \(path): \(Failure.words(of: error))")
      }
    }
    if let summary {
      try door?.add(try SeriesOutcome.table(outcomes).contents(), at: summary)
      try door?.commit()
    }
    if options.json {
      try Terminal.printJSON(outcomes)
    } else if series.count > 1 && !options.quiet {
      SeriesOutcome.show(outcomes)
    }
    let failed = outcomes.compactMap(\.error)
    guard let first = failed.first else { return }
    throw series.count > 1 ? SeriesFailure(failed: failed.count, of: series.count, first) : first
  }

  private func folder(for series: String) -> String {
    let url = URL(fileURLWithPath: series)
    let name = url.deletingPathExtension().lastPathComponent + ".voxtilt"
    let parent = out ?? (series.contains("/") ? (series as NSString).deletingLastPathComponent : "")
    return parent.isEmpty ? name : (parent as NSString).appendingPathComponent(name)
  }
}

/// The stages of a pipeline, in their order.
enum StageName: String, ExpressibleByArgument, CaseIterable, Comparable {
  case check, prepare, align, reconstruct, report

  static func < (_ a: StageName, _ b: StageName) -> Bool {
    allCases.firstIndex(of: a) ?? 0 < allCases.firstIndex(of: b) ?? 0
  }
}

/// A failure, and the stage that met it.
struct StageFailure: CategorisedError {
  var category: ErrorCategory { Failure.category(of: cause) }
  let stage: StageName
  let cause: any Error

  var isInterruption: Bool {
    if case ReconstructionError.interrupted = cause { true } else { false }
  }

  var description: String {
    let words = "\(stage.rawValue): \(Failure.words(of: cause))"
    return switch cause {
    case AlignmentError.smallPages, AlignmentError.fewTilts, AlignmentError.nothingSeen:
      words + " --align none continues without alignment."
    default: words
    }
  }
}

/// Some of many series failed; their failures have been shown.
struct SeriesFailure: CategorisedError {
  var category: ErrorCategory { Failure.category(of: first) }
  let failed: Int
  let count: Int
  let first: any Error

  init(failed: Int, of count: Int, _ first: any Error) {
    (self.failed, self.count, self.first) = (failed, count, first)
  }

  var description: String {
    "\(failed) of \(count) series failed. The summary names them; run the command again after fixing them."
  }
}
