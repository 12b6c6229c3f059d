import SeriesIO
import ArgumentParser
import Fields
import StackIO
import Workflow

/// A tilt series, and what the user says of it.
struct SeriesOptions: ParsableArguments {
  @Argument(help: "The tilt series: TIFF, MRC, ST or ALI, one page a tilt.")
  var series: String

  @OptionGroup var reading: ReadingOptions

  var tiltOffset: Double { reading.tiltOffset }

  func source() throws -> SeriesSource { try reading.source(series) }
}

/// What the user says of a tilt series.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: ArgumentHelp(
      "A file of angles (.rawtlt .tlt .txt .mdoc) or start:stop:step, in degrees.",
      discussion: """
        Not needed where the sidecar of the series, its header, its .mdoc or a .rawtlt of its name tells them.
        """))
  var tilts: String?

  @Option(
    help: """
      Which way the tilt axis runs in the pictures: y (along columns) or x (along rows); what the files tell by \
      default, or y.
      """)
  var tiltAxis: TiltAxis?

  @Flag(help: "Take every angle with the opposite sign.")
  var flipTilts = false

  @Option(parsing: .unconditional, help: "Degrees added to every angle, flipped or not.")
  var tiltOffset = 0.0

  @Option(
    parsing: .unconditional,
    help: """
      Where the tilt axis lies, in pixels from the centre; what the sidecar of the series tells by default, or 0.
      """)
  var axisOffset: Double?

  @Option(parsing: .unconditional, help: "The edge of a pixel in nm; overrules the file.")
  var voxelSize: Double?

  @Option(parsing: .unconditional, help: "Read NaN and infinite pixels as this value.")
  var replaceNonfinite: Float?

  func validate() throws {
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size \(voxelSize) is no length. Give nm above 0.")
    }
    if let replaceNonfinite, !replaceNonfinite.isFinite {
      throw ValidationError("--replace-nonfinite needs a finite number.")
    }
  }

  /// - Parameter angles: known otherwise.
  func source(_ series: String, _ angles: TiltAngles? = nil) throws -> SeriesSource {
    var options = SeriesSource.Options()
    options.tilts = try angles ?? tilts.map { try TiltAngles(argument: $0) }
    (options.axis, options.axisOffset) = (tiltAxis, axisOffset)
    (options.flipsTilts, options.pixelSize) = (flipTilts, voxelSize)
    options.policy = replaceNonfinite.map { .replace($0) } ?? .refuse
    return try SeriesSource(path: series, options)
  }
}
