import SeriesIO
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

  @Option(parsing: .unconditional, help: "The edge of a pixel in nm; overrules the file.")
  var voxelSize: Double?

  func validate() throws {
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size \(voxelSize) is no length. Give nm above 0.")
    }
  }

  func source(
    _ policy: NonFinitePolicy = .refuse, axisOffset: Double? = nil
  ) throws -> SeriesSource {
    var options = SeriesSource.Options()
    options.tilts = try tilts.map { try TiltAngles(argument: $0) }
    (options.axis, options.axisOffset) = (tiltAxis, axisOffset)
    (options.flipsTilts, options.pixelSize) = (flipTilts, voxelSize)
    options.policy = policy
    return try SeriesSource(path: series, options)
  }
}

/// Whether pixels count electrons.
struct CountsOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: """
      Pixels count electrons, or do not: counts are summed by binning and placed linearly. Told by the sidecar of the \
      series, the spectra.json of its folder, or else by its pixels.
      """)
  var counts: Bool?
}

/// What `check` kept of the series.
struct EarlierCheckOptions: ParsableArguments {
  @Option(
    help: "What voxtilt check --out wrote of this series: its warnings go on with the result.")
  var check: String?
}

/// Where the tilt axis lies in a raw series.
struct AxisPlaceOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Where the tilt axis lies, in pixels from the centre; what the sidecar of the series tells by default, or 0.
      """)
  var axisOffset: Double?

  func validate() throws {
    if let axisOffset, !axisOffset.isFinite {
      throw ValidationError("--axis-offset needs a finite number.")
    }
  }
}
