import SeriesIO
import Alignment
import AlgebraicReconstruction
import ArgumentParser
import VariationalReconstruction
import Fields
import Files
import Foundation
import Reconstruction
import Records
import StackIO
import Workflow

/// `voxtilt align`
struct AlignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align",
    abstract: "Align a tilt series: shifts, the angle and the offset of the tilt axis.",
    discussion: """
      Also writes the sidecar, NAME.align.json with the placement of every page, and \
      NAME.xf and NAME.tlt for IMOD. Align other channels and binned maps of the series with --apply.

      EXAMPLES
        voxtilt align ready.mrc --out aligned.mrc
        voxtilt align titanium.mrc --apply aligned.align.json --scale 0.5 --out titanium-aligned.mrc
      """)

  @OptionGroup var series: RawSeriesOptions
  @Option(parsing: .unconditional, help: "Replace NaN and infinite pixels by this value.")
  var replaceNonfinite: Float?
  @OptionGroup var counting: CountsOptions
  @OptionGroup var place: AxisPlaceOptions
  @OptionGroup var earlier: EarlierCheckOptions
  @OptionGroup(title: "Search") var search: SearchOptions
  @Option(help: "Place pages by this NAME.align.json or IMOD .xf, without a search.")
  var apply: String?
  @Option(
    parsing: .unconditional,
    help:
      "With --apply: pixels of this stack per pixel of the aligned series; 0.5 after binning by 2.")
  var scale: Double?
  @Option(help: "Also draw shifts and score curves: an SVG file.") var picture: String?
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if scale != nil && apply == nil { throw ValidationError("--scale requires --apply.") }
    if apply != nil, let given = search.given ?? place.axisOffset.map({ _ in "--axis-offset" }) {
      throw ValidationError("--apply does not search. Remove \(given).")
    }
    if apply != nil && picture != nil {
      throw ValidationError(
        "--apply does not search, so there is nothing to draw. Remove --picture.")
    }
    if let replaceNonfinite, !replaceNonfinite.isFinite {
      throw ValidationError("--replace-nonfinite must be a finite number.")
    }
  }

  func run() throws {
    let source: SeriesSource
    let origin: AlignmentRecipe.Origin
    if let apply {
      (source, origin) = try applied(apply)
    } else {
      source = try self.source()
      origin = .found(try search.aligner())
    }
    var recipe = AlignmentRecipe(source, to: output.target(axis: source.axis), origin)
    recipe.countsElectrons = counting.counts
    (recipe.workers, recipe.picture, recipe.command) = (
      options.workers, picture, TypedCommand.words
    )
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let outcome = try recipe.run(options.follower)
    try options.report(outcome.sidecar, words(outcome))
  }

  private func source(_ known: AlignmentRecord? = nil) throws -> SeriesSource {
    var reading = try series.angles.options(axisOffset: place.axisOffset)
    if let known, let apply, reading.tilts == nil {
      reading.tilts = try TiltAngles(known.pages.map(\.tilt), source: .file(path: apply))
      reading.flipsTilts = false
    }
    reading.axis = known?.tiltAxis ?? reading.axis
    // Transforms of IMOD bring the axis to the centre from wherever it lies.
    if apply != nil && known == nil { reading.axisOffset = 0 }
    reading.policy = replaceNonfinite.map { .replace($0) } ?? .refuse
    return try SeriesSource(path: series.series, reading).checked(by: earlier.check)
  }

  private func applied(_ path: String) throws -> (SeriesSource, AlignmentRecipe.Origin) {
    let scale = scale ?? 1
    guard 1e-3...1e3 ~= scale else { throw AlignmentError.scale(scale) }
    let used = try Fingerprint(path: path)
    guard path.lowercased().hasSuffix(".json") else {
      let source = try source()
      let file = try TransformFile(reading: path, axis: source.axis)
      return (source, .file(used, file.placements, scale: scale, axisOffset: nil))
    }
    let record = try AlignmentRecord(reading: path)
    let source = try source(record)
    let shape = source.info.shape
    let (rows, columns) = (
      Double(record.rowCount) * scale, Double(record.columnCount) * scale
    )
    guard abs(Double(shape.rowCount) - rows) <= 1, abs(Double(shape.columnCount) - columns) <= 1
    else {
      throw AlignmentError.pageSize(
        rows: shape.rowCount, columns: shape.columnCount, expectedRows: Int(rows.rounded()),
        expectedColumns: Int(columns.rounded()))
    }
    return (
      source, .file(used, record.placements, scale: scale, axisOffset: record.toldAxisOffset)
    )
  }

  private func words(_ outcome: AlignmentRecipe.Outcome) -> String {
    guard let record = outcome.record else {
      return "\(output.out): \(outcome.sidecar.output.shape?.first ?? 0) pages placed"
    }
    let before = Terminal.short(record.heldOutAsTold ?? record.heldOut?.error)
    let error = Terminal.short(record.heldOut?.error)
    let verdict = (record.heldOut?.verdict.rawValue).map { " (\($0))" } ?? ""
    return """
      \(output.out): \(record.coarseChoice); axis turned by \(Terminal.short(record.axisRotation))°\(words(record.turn)), \
      \(Terminal.short(record.axisOffset)) pixels off; held-out error \(before) before, \(error) after\(verdict)
      """
  }

  private func words(_ turn: AxisTurn?) -> String {
    guard let turn else { return "" }
    let interval = turn.found.flatMap { found in
      turn.error.map { "\(Terminal.short(found))° ± \(Terminal.short($0))°" }
    }
    return switch (turn.verdict, interval) {
    case (.found, _): turn.error.map { " ± \(Terminal.short($0))°" } ?? ""
    case (.agrees, let interval?): ", as given: the pages give \(interval)"
    case (.undetermined, let interval?): ", as given: the pages do not determine it (\(interval))"
    case (.dismissed, let interval?): ", as given: a turn by \(interval) is no better"
    case (.dismissed, nil): ", as given: a turn is no better"
    case (.beyond, _): ", at the end of the search range"
    case (_, nil): ", as given: the pages do not determine it"
    }
  }
}

/// How an alignment is searched.
struct SearchOptions: ParsableArguments {
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case osSART = "os-sart"
    case sirt, tv
  }

  @Option(
    help:
      "Method that reconstructs the tilts that are not left out: os-sart, sirt or tv. Default: os-sart."
  )
  var method: Method?
  @Option(
    parsing: .unconditional,
    help: "Iterations of that method. Default: 8 of os-sart, 50 of sirt, 40 of tv.")
  var iterations: Int?
  @Option(
    parsing: .unconditional,
    help: "Maximum rounds of projection matching at each size; 0 for none. Default: 8.")
  var rounds: Int?
  @Option(
    parsing: .unconditional,
    help: """
      Start of the search for the axis, in degrees clockwise from vertical; from an .mdoc or a header by \
      default, or 0.
      """)
  var axisRotation: Double?
  @Option(
    parsing: .unconditional,
    help: "Range of the search for the axis, in degrees on either side of its start. Default: 8.")
  var axisRange: Double?
  @Option(
    parsing: .unconditional,
    help:
      "Range of the search for the offset, in pixels of pages binned to --finest, on either side. Default: 12."
  )
  var offsetRange: Double?
  @Option(
    parsing: .unconditional,
    help: "Pixels along the longer side of the largest pages that are matched. Default: 256.")
  var finest: Int?
  @Flag(help: "Fit a rotation of every page.") var turnPages = false
  @Flag(help: "Fit a magnification of every page.") var magnifyPages = false

  /// The first option that was given.
  var given: String? {
    let found: [(String, Bool)] = [
      ("--method", method != nil), ("--iterations", iterations != nil),
      ("--rounds", rounds != nil), ("--axis-range", axisRange != nil),
      ("--axis-rotation", axisRotation != nil),
      ("--offset-range", offsetRange != nil), ("--finest", finest != nil),
      ("--turn-pages", turnPages), ("--magnify-pages", magnifyPages),
    ]
    return found.first { $0.1 }?.0
  }

  func aligner() throws -> SeriesAligner {
    var settings = AlignmentSettings()
    settings.rounds = rounds ?? settings.rounds
    settings.axisRange = axisRange ?? settings.axisRange
    settings.offsetRange = offsetRange ?? settings.offsetRange
    settings.finest = finest ?? settings.finest
    settings.axisRotation = axisRotation
    (settings.turnsPages, settings.magnifiesPages) = (turnPages, magnifyPages)
    try settings.validate()
    let (method, iterations) = (method ?? .osSART, iterations)
    // Settings are refused before anything is read.
    _ = try Self.reconstruction(method, iterations, tiltCount: 1)
    var aligner = SeriesAligner { try Self.reconstruction(method, iterations, tiltCount: $0) }
    aligner.settings = settings
    return aligner
  }

  private static func reconstruction(
    _ method: Method, _ iterations: Int?, tiltCount: Int
  ) throws -> any ReconstructionMethod {
    switch method {
    case .osSART:
      return try OSSART(
        iterations: iterations ?? 8, subsets: min(8, tiltCount),
        constraint: try VoxelConstraint(isNonNegative: true))
    case .sirt:
      return try SIRT(iterations: iterations ?? 50, isNonNegative: true)
    case .tv:
      let count = iterations ?? 40
      guard count > 0 else { throw ReconstructionError.iterations(count) }
      var method = CompressedSensing()
      method.iterationLimit = count
      return method
    }
  }
}
