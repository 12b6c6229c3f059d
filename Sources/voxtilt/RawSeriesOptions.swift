import SeriesIO
import ArgumentParser
import Fields
import StackIO
import Workflow

/// A series as it came from the microscope, and what the user says of it.
struct RawSeriesOptions: ParsableArguments {
  @Argument(help: "The tilt series: TIFF, MRC, ST or ALI, one page per tilt.")
  var series: String

  @OptionGroup var angles: AngleOptions

  func source(
    _ policy: NonFinitePolicy = .refuse, axisOffset: Double? = nil
  ) throws -> SeriesSource {
    var options = try angles.options(axisOffset: axisOffset)
    options.policy = policy
    return try SeriesSource(path: series, options)
  }
}

/// Whether pixels count electrons.
struct CountsOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: """
      Pixels count electrons, or do not: counts are summed by binning and placed linearly. By default from the sidecar of the \
      series, the spectra.json of its folder, or else from its pixels.
      """)
  var counts: Bool?
}

/// What `check` kept of the series.
struct EarlierCheckOptions: ParsableArguments {
  @Option(
    help:
      "The file that voxtilt check --out wrote for this series: its warnings are copied to the result."
  )
  var check: String?
}

/// Where the tilt axis lies in a raw series.
struct AxisPlaceOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Position of the tilt axis, in pixels from the centre; from the sidecar of the series by default, or 0.
      """)
  var axisOffset: Double?

  func validate() throws {
    if let axisOffset, !axisOffset.isFinite {
      throw ValidationError("--axis-offset must be a finite number.")
    }
  }
}
