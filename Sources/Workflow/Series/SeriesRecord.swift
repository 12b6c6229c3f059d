import Fields
import Files
import Foundation
import Records
import StackIO

/// What the sidecar of a tilt series tells the next command.
struct SeriesRecord: Sendable {
  /// The sidecar.
  let file: Fingerprint
  /// Of the series that it tells of.
  let sha256: String
  /// Degrees, as they stand now.
  let tilts: TiltAngles
  let axis: TiltAxis
  /// Degrees from vertical, counter-clockwise.
  let axisAngle: Double?
  /// Pixels from the centre.
  let axisOffset: Double
  /// nm
  let pixelSize: Double?
  let dose: Sidecar.Dose?

  private struct Stored: Decodable {
    struct Place: Decodable {
      let tilts: [Double]
      let tiltAxis: TiltAxis
      let tiltAxisAngle: Double?
      let axisOffset: Double
    }
    let output: RecordedFile
    let contents: Sidecar.Contents?
    let geometry: Place
    let dose: Sidecar.Dose?
  }

  /// `nil` where there is none, or one that is not of a series of this name and shape.
  init?(of path: String, _ shape: StackShape) {
    let sidecar = sidecarPath(of: path)
    guard let (bytes, file) = try? InputFile.contents(of: sidecar),
      let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes)),
      stored.contents == .tiltSeries, stored.geometry.axisOffset.isFinite,
      (stored.output.path as NSString).lastPathComponent == (path as NSString).lastPathComponent,
      stored.output.shape == [shape.pageCount, shape.rowCount, shape.columnCount],
      let tilts = try? TiltAngles(stored.geometry.tilts, source: .record(path: sidecar)),
      tilts.degrees.count == shape.pageCount
    else { return nil }
    (self.file, sha256, self.tilts) = (file, stored.output.sha256, tilts)
    (axis, axisOffset) = (stored.geometry.tiltAxis, stored.geometry.axisOffset)
    axisAngle = stored.geometry.tiltAxisAngle
    pixelSize = stored.output.voxelSize.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    dose = stored.dose.flatMap { $0.perTilt.count == shape.pageCount ? $0 : nil }
  }
}
