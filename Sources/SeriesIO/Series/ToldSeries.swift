package import Fields
import Files
import Foundation
package import StackIO

/// What files tell of a series, each fact with where it stands: the sidecar counts before the header, and the header
/// before other files beside the stack.
package struct ToldSeries {
  package let info: StackInfo
  package let record: SeriesRecord?
  /// Why a sidecar that is there is not used.
  package let recordFault: String?

  package init(_ info: StackInfo) {
    self.info = info
    switch SeriesRecord.find(beside: info.path, info.shape) {
    case .none: (record, recordFault) = (nil, nil)
    case .found(let found): (record, recordFault) = (found, nil)
    case .unusable(let reason): (record, recordFault) = (nil, reason)
    }
  }

  /// All angles, those that count most first.
  package var allTilts: [TiltAngles] { [record?.tilts].compactMap(\.self) + info.toldTilts }

  /// - Throws: `StackError` where two tell different angles, or all that tell some cannot be used.
  package func tilts() throws -> TiltAngles? { try info.agreedTilts(with: record?.tilts) }

  private var recordSource: FactSource? { record.map { .record(path: $0.file.path) } }

  private func told<Value>(_ value: Value?) -> Told<Value>? {
    guard let value, let source = recordSource else { return nil }
    return Told(value, source)
  }

  package var axis: Told<TiltAxis>? {
    told(record?.axis) ?? info.axisAngle.map { Told(Self.axis(of: $0.value), $0.source) }
  }

  /// Degrees from vertical, counter-clockwise.
  package var axisAngle: Told<Double>? { record == nil ? info.axisAngle : told(record?.axisAngle) }

  /// Pixels from the centre.
  package var axisOffset: Told<Double>? { told(record?.axisOffset) }

  /// nm
  package var pixelSize: Told<Double>? {
    guard let size = info.pixelSize, let source = info.spacingSource else {
      return told(record?.pixelSize)
    }
    return Told(size, source)
  }

  package var dose: Told<Sidecar.Dose>? {
    told(record?.dose)
      ?? info.doses.map { Told(Sidecar.Dose(perTilt: $0.value, unit: "electrons/Å²"), $0.source) }
  }

  /// One a page.
  package var tiltWeights: Told<[Double]>? { told(record?.tiltWeights) }

  /// The way that an axis so many degrees from vertical runs most nearly.
  package static func axis(of degrees: Double) -> TiltAxis {
    abs(remainder(degrees, 180)) <= 45 ? .y : .x
  }

  /// How far an axis is turned from the way that it is taken to run, in degrees.
  package static func turn(_ degrees: Double, from axis: TiltAxis) -> Double {
    remainder(degrees - (axis == .y ? 0 : 90), 180)
  }
}
