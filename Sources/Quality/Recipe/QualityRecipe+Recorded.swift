public import SeriesIO
import Fields
import Records
public import Reconstruction
import StackIO

extension QualityRecipe {
  /// A measurement with the method, series and geometry that the sidecar of a volume tells.
  ///
  /// - Parameters:
  ///   - run: what the sidecar of `volume` tells.
  ///   - series: where it is now; `nil` where it was.
  ///   - voxelSize: nm; overrules what is recorded.
  ///   - prefix: files go to `PREFIX.quality.json` and its companions; `nil` is the volume's path without its ending.
  ///   - methods: those that may have made the volume, by name.
  /// - Throws: `SeriesError` where the series has other bytes, or what the method throws of its parameters.
  public init(
    repeating run: RecordedRun, of volume: String, series: String? = nil, voxelSize: Double? = nil,
    to prefix: String? = nil, methods: MethodRegistry
  ) throws {
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(run.tilts, source: .file(path: run.sidecar))
    (options.axis, options.axisOffset) = (run.tiltAxis, run.axisOffset)
    options.pixelSize = voxelSize ?? run.series.voxelSize
    options.policy = run.replacement.map { .replace($0) } ?? .refuse
    let source = try SeriesSource(path: run.checkedSeries(series), options)
    self.init(volume, source, to: prefix, method: try run.method(among: methods))
    optics = run.optics
    (axisOffset, zOffset, margin) = (run.axisOffset, run.zOffset, run.margin)
    notes = run.omissions
    noise = run.noise.map { .recorded($0) }
  }

  /// The measurement that the bytes of a volume still lack; `nil` where it was done or cannot be.
  package static func lacking(
    _ volume: String, methods: MethodRegistry
  ) throws -> QualityRecipe? {
    guard try !QualityRecord.isKept(beside: volume), let run = try RecordedRun(of: volume) else {
      return nil
    }
    return try QualityRecipe(repeating: run, of: volume, methods: methods)
  }
}
