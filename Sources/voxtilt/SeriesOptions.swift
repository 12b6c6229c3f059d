import SeriesIO
import ArgumentParser
import Fields
import StackIO
import Workflow

/// A tilt series, and what the user says of it.
struct SeriesOptions: ParsableArguments {
  @Argument(help: "The tilt series: TIFF, MRC, ST or ALI, one page per tilt.")
  var series: String

  @OptionGroup var reading: ReadingOptions

  var tiltOffset: Double { reading.tiltOffset }

  func source() throws -> SeriesSource { try reading.source(series) }
}

/// What the user says of the angles, the axis and the pixels of a tilt series.
struct AngleOptions: ParsableArguments {
  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: ArgumentHelp(
      "A file of angles (.rawtlt .tlt .txt .mdoc) or start:stop:step, in degrees.",
      discussion: """
        Not needed where the sidecar of the series, its header, its .mdoc or a .rawtlt of its name contains them.
        """))
  var tilts: String?

  @Option(
    help: """
      Direction of the tilt axis in the images: y (along columns) or x (along rows); from the files by \
      default, or y.
      """)
  var tiltAxis: TiltAxis?

  @Flag(help: "Change the sign of every angle.")
  var flipTilts = false

  @Option(parsing: .unconditional, help: "The size of a pixel in nm; overrides the file.")
  var voxelSize: Double?

  func validate() throws {
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size must be a positive length in nm (got \(voxelSize)).")
    }
  }

  func options(axisOffset: Double?) throws -> SeriesSource.Options {
    var options = SeriesSource.Options()
    options.tilts = try tilts.map { try TiltAngles(argument: $0) }
    (options.axis, options.axisOffset) = (tiltAxis, axisOffset)
    (options.flipsTilts, options.pixelSize) = (flipTilts, voxelSize)
    return options
  }
}

/// What the user says of a tilt series that is to be reconstructed.
struct ReadingOptions: ParsableArguments {
  @OptionGroup var angles: AngleOptions

  @Option(parsing: .unconditional, help: "Degrees added to every angle, flipped or not.")
  var tiltOffset = 0.0

  @Option(
    parsing: .unconditional,
    help: """
      Position of the tilt axis, in pixels from the centre; from the sidecar of the series by default, or 0.
      """)
  var axisOffset: Double?

  @Option(parsing: .unconditional, help: "Replace NaN and infinite pixels by this value.")
  var replaceNonfinite: Float?

  func validate() throws {
    if let replaceNonfinite, !replaceNonfinite.isFinite {
      throw ValidationError("--replace-nonfinite must be a finite number.")
    }
  }

  /// - Parameter known: angles that are known otherwise.
  func source(_ series: String, _ known: TiltAngles? = nil) throws -> SeriesSource {
    var options = try angles.options(axisOffset: axisOffset)
    options.tilts = known ?? options.tilts
    options.policy = replaceNonfinite.map { .replace($0) } ?? .refuse
    return try SeriesSource(path: series, options)
  }
}
