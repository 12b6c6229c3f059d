import ArgumentParser
import Fields
import StackIO
import Workflow

/// A series as it came from the microscope, and what the user says of it.
struct RawSeriesOptions: ParsableArguments {
  @Argument(help: "The tilt series: TIFF, MRC, ST or ALI, one page a tilt.")
  var series: String

  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: ArgumentHelp(
      "A file of angles (.rawtlt .tlt .txt .mdoc) or start:stop:step, in degrees.",
      discussion: "Not needed where the stack's header or its .mdoc tells them."))
  var tilts: String?

  @Option(
    help: "Which way the tilt axis runs in the pictures: y (along columns) or x (along rows).")
  var tiltAxis = TiltAxis.y

  @Flag(help: "Take every angle with the opposite sign.")
  var flipTilts = false

  @Option(parsing: .unconditional, help: "The edge of a pixel in nm; overrules the file.")
  var voxelSize: Double?

  func validate() throws {
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size \(voxelSize) is no length. Give nm above 0.")
    }
  }

  func source(_ policy: NonFinitePolicy = .refuse) throws -> SeriesSource {
    var options = SeriesSource.Options()
    options.tilts = try tilts.map(tiltAngles)
    (options.axis, options.flipsTilts, options.pixelSize) = (tiltAxis, flipTilts, voxelSize)
    options.policy = policy
    return try SeriesSource(path: series, options)
  }
}
