import SeriesIO
import ArgumentParser
import Fields
import Quality
import Reconstruction
import Records
import StackIO
import Workflow

/// `voxtilt quality`
struct QualityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality",
    abstract: "Assess a reconstruction from its series, without a truth.",
    discussion: """
      Even and odd tilts are reconstructed separately and correlated, every fifth tilt and the lowest tenth are \
      predicted from the others, which estimates the error of the volume, and the residual is compared \
      with the noise; 2.7 times the work of the reconstruction. \
      The sidecar of the volume contains series and settings. Without one, give --series and the options \
      that the volume was made with. --noise SIGMA gives the noise of the series, for any method.

      EXAMPLES
        voxtilt quality volume.tif
        voxtilt quality old.mrc --series s.mrc --tilts s.rawtlt --method sirt --iterations 50
      """)

  @Argument(help: "The volume.") var volume: String
  @Option(help: "The tilt series that it was made from; by default the one in its sidecar.")
  var series: String?
  @Option(
    help: "Prefix of PREFIX.quality.json and the other files; next to the volume by default.")
  var out: String?
  @Option(
    parsing: .unconditional,
    help: "The diameter of the object across the tilt axis, in voxels; estimated by default.")
  var diameter: Double?

  @OptionGroup(title: "Tilt series") var reading: ReadingOptions

  @Option(
    parsing: .unconditional,
    help: "Position of the centre of the volume along the beam, in voxels from the tilt axis.")
  var zOffset = 0.0

  @OptionGroup(title: "Microscope") var microscope: OpticsOptions
  @OptionGroup(title: "Method") var choice: MethodOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if let diameter, !(diameter > 0 && diameter.isFinite) {
      throw ValidationError("--diameter must be above 0 voxels (got \(diameter)).")
    }
    if let noise = choice.iterative.noise, !(noise > 0 && noise.isFinite) {
      throw ValidationError("--noise must be above 0 (got \(noise)).")
    }
  }

  func run() throws {
    var recipe = try makeRecipe()
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let record = try recipe.run(options.follower)
    if !options.quiet { for note in record.warnings { Terminal.say("note: \(note)") } }
    guard !options.json else { return try Terminal.printJSON(record) }
    Terminal.show(QualityAccount(record.quality))
    if !options.quiet {
      Terminal.say("\(recipe.prefix).quality.json, with tables and charts")
    }
  }

  func makeRecipe() throws -> QualityRecipe {
    _ = try StackReader(path: volume)
    var recipe = try RecordedRun(of: volume).map(recorded) ?? typed()
    recipe.diameter = diameter
    if let noise = choice.iterative.noise { recipe.noise = .given(noise) }
    (recipe.workers, recipe.memoryLimit) = (options.workers, memory.maxMemory.value)
    (recipe.command, recipe.overwrites) = (TypedCommand.words, overwriting.force)
    return recipe
  }

  /// As the sidecar tells.
  private func recorded(_ run: RecordedRun) throws -> QualityRecipe {
    try refuseMethod(beside: run)
    return try QualityRecipe(
      repeating: run, of: volume, series: series, voxelSize: reading.angles.voxelSize, to: out,
      methods: .standard)
  }

  /// Refuses what the sidecar tells better.
  private func refuseMethod(beside run: RecordedRun) throws {
    let given =
      (choice.given == nil ? [] : ["--method"]) + choice.settings.map(\.name)
      + [microscope.name].compactMap(\.self)
    if let name = given.first {
      throw ValidationError(
        "'\(run.sidecar)' records how the volume was made. Remove \(name), or move that file.")
    }
    let isPlaced = reading.axisOffset != nil || zOffset != 0 || reading.tiltOffset != 0
    guard !isPlaced, !reading.angles.flipTilts,
      [nil, .y, run.tiltAxis].contains(reading.angles.tiltAxis)
    else {
      throw ValidationError(
        "'\(run.sidecar)' contains the geometry. Remove offsets, --flip-tilts and --tilt-axis.")
    }
    guard let tilts = try reading.angles.tilts.map { try TiltAngles(argument: $0) }?.degrees,
      tilts.count != run.tilts.count
        || zip(tilts, run.tilts).contains(where: { abs($0 - $1) > 1e-6 })
    else { return }
    throw ValidationError(
      "--tilts are not the angles in '\(run.sidecar)'. Remove --tilts.")
  }

  /// As the user says.
  private func typed() throws -> QualityRecipe {
    guard let series else {
      throw ValidationError(
        "'\(volume)' has no sidecar. Give --series, --tilts and the options that it was made with.")
    }
    let source = try reading.source(series)
    var recipe = QualityRecipe(
      volume, source, to: out,
      method: try choice.make(for: source, isBlurred: microscope.source != nil).repeatable(
        iterations: nil, lambda: nil))
    recipe.zOffset = zOffset
    recipe.optics = microscope.source
    recipe.tiltOffset = reading.tiltOffset
    recipe.notes += RecordedRun.omissions(
      start: choice.iterative.`init` != nil, mask: choice.iterative.mask != nil)
    return recipe
  }
}
