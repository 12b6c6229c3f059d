package import Fields
package import Files
import Foundation
package import Preparation
import Reconstruction
import Records
package import StackIO

/// What the sidecar of a tilt series tells the next command.
package struct SeriesRecord: Sendable {
  /// The sidecar.
  package let file: Fingerprint
  /// Of the series that it tells of.
  package let sha256: String
  /// Degrees, as they stand now.
  package let tilts: TiltAngles
  package let axis: TiltAxis
  /// Degrees from vertical, counter-clockwise.
  package let axisAngle: Double?
  /// Pixels from the centre.
  package let axisOffset: Double
  /// nm
  package let pixelSize: Double?
  package let dose: Sidecar.Dose?
  /// How far each tilt is to be trusted.
  package let tiltWeights: [Double]?

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
    let settings: Weights?

    /// As `PreparationRecipe` writes them.
    struct Weights: Decodable { let weights: Setting? }
  }

  /// What every record of voxtilt has.
  private struct Mark: Decodable {
    let voxtilt: String
    let output: RecordedFile?
    let contents: Sidecar.Contents?
    let method: String?
  }

  /// A sidecar beside a stack, or why the one that is there tells nothing of it.
  package enum Finding {
    case none
    case found(SeriesRecord)
    case unusable(String)
  }

  /// Looks beside the stack, and beside the file that a link leads to.
  package static func find(beside path: String, _ shape: StackShape) -> Finding {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let places = [path] + (target == path ? [] : [target])
    guard
      let place = places.first(where: { FileStamp(path: sidecarPath(of: $0)) != nil })
    else { return .none }
    let sidecar = sidecarPath(of: place)
    func unusable(_ reason: String) -> Finding {
      .unusable("'\(sidecar)' \(reason) It is not used.")
    }
    guard let (bytes, file) = try? InputFile.contents(of: sidecar) else {
      return unusable("cannot be read.")
    }
    let data = Data(bytes)
    guard let mark = try? JSONDecoder().decode(Mark.self, from: data) else {
      // What is JSON of something else belongs to something else.
      let isJSON = (try? JSONSerialization.jsonObject(with: data)) != nil
      return isJSON ? .none : unusable("is damaged: it is not JSON.")
    }
    let name = mark.output.map { ($0.path as NSString).lastPathComponent }
    guard let name, name == (place as NSString).lastPathComponent else {
      return unusable("describes '\(name ?? "other results")', not this stack.")
    }
    guard mark.contents == .tiltSeries else {
      return unusable("states that this is not a tilt series (\(mark.method ?? "another result")).")
    }
    guard mark.output?.shape == [shape.pageCount, shape.rowCount, shape.columnCount] else {
      return unusable("describes a stack of another size.")
    }
    guard let stored = try? JSONDecoder().decode(Stored.self, from: data),
      let record = SeriesRecord(stored, file, shape)
    else { return unusable("contains a geometry that cannot be read.") }
    return .found(record)
  }

  /// What the sidecar of a stack says of its counts; `nil` where there is none of this stack, or it says nothing.
  package static func counts(beside path: String) -> Counting? {
    struct Told: Decodable {
      let output: RecordedFile
      let counts: Counting?
    }
    guard let told = JSONText.read(Told.self, at: sidecarPath(of: path)),
      (told.output.path as NSString).lastPathComponent == (path as NSString).lastPathComponent
    else { return nil }
    guard let counts = told.counts, counts != .whole else { return told.counts }
    return (try? Fingerprint(path: path).sha256) == told.output.sha256 ? counts : nil
  }

  private init?(_ stored: Stored, _ file: Fingerprint, _ shape: StackShape) {
    let side = Double(max(shape.rowCount, shape.columnCount))
    guard abs(stored.geometry.axisOffset) <= 100 * side,
      let tilts = try? TiltAngles(stored.geometry.tilts, source: .record(path: file.path)),
      tilts.degrees.count == shape.pageCount
    else { return nil }
    (self.file, sha256, self.tilts) = (file, stored.output.sha256, tilts)
    (axis, axisOffset) = (stored.geometry.tiltAxis, stored.geometry.axisOffset)
    axisAngle = stored.geometry.tiltAxisAngle
    pixelSize = stored.output.voxelSize.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    dose = stored.dose.flatMap { $0.perTilt.count == shape.pageCount ? $0 : nil }
    tiltWeights = stored.settings?.weights?.numbers.flatMap { weights in
      weights.count == shape.pageCount && weights.contains { $0 > 0 }
        && weights.allSatisfy { $0 >= 0 && $0.isFinite } ? weights : nil
    }
  }
}
