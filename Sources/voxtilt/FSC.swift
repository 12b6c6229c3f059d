import ArgumentParser
import Fields
import Quality
import Reconstruction
import Records
import SeriesIO
import StackIO
import Workflow

/// `voxtilt fsc`
struct FSC: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsc",
    abstract: "Correlate two volumes shell by shell in Fourier space, or two images ring by ring.",
    discussion: """
      EXAMPLES
        voxtilt fsc even.mrc odd.mrc --tilts -70:70:4 --out halves
        voxtilt fsc one.tif other.tif --json
      """)

  @Argument(help: "A volume, or an image.") var first: String
  @Argument(help: "The other volume or image, of the same size.") var second: String
  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: "A file of angles or start:stop:step; the missing wedge is not compared.")
  var tilts: String?
  @Option(help: "Direction of the tilt axis in the images: y or x.") var tiltAxis = TiltAxis.y
  @Option(parsing: .unconditional, help: "The size of a voxel in nm; overrides the files.")
  var voxelSize: Double?
  @Option(
    parsing: .unconditional,
    help: "The fraction of each side over which both are tapered, 0 to 0.5.")
  var taper = QualityStudy.taper
  @Option(help: "Write PREFIX.fsc.json, .csv and .svg.") var out: String?
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if !(0...0.5 ~= taper) {
      throw ValidationError("--taper must be between 0 and 0.5 (got \(taper)).")
    }
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size must be a positive length in nm (got \(voxelSize)).")
    }
  }

  func run() throws {
    var recipe = CorrelationRecipe(first, second)
    recipe.tilts = try tilts.map { try TiltAngles(argument: $0) }
    (recipe.axis, recipe.taper, recipe.voxelSize) = (tiltAxis, taper, voxelSize)
    (recipe.prefix, recipe.workers) = (out, options.workers)
    (recipe.command, recipe.overwrites) = (TypedCommand.words, overwriting.force)
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let record = try recipe.run(options.follower)
    guard !options.json else { return try Terminal.printJSON(record) }
    Terminal.show(
      QualityAccount(
        record.correlation, sampledFraction: record.sampledFraction, isPlane: record.isPlane,
        warnings: record.warnings))
  }
}
