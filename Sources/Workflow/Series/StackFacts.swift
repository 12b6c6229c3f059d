import Fields
import Files
import Foundation
public import Records
public import StackIO

/// What a stack, its sidecar and the files beside it tell, and where each fact stands.
public struct StackFacts: Sendable, Encodable {
  public let path: String
  public let format: String
  public let sampleType: String
  public let compression: String
  public let byteOrder: String
  public let columns: Int
  public let rows: Int
  public let pages: Int
  public let bytes: Int
  /// Counts of a hyperstack.
  public let channels: Int?
  public let slices: Int?
  public let frames: Int?
  /// nm
  public let pixelSize: Double?
  public let rowSpacing: Double?
  public let pageSpacing: Double?
  /// The line from stored samples to values.
  public let valueScale: ValueScale?
  /// Degrees.
  public let tilts: [Double]?
  /// `x` or `y`.
  public let tiltAxis: String?
  /// Degrees from vertical, counter-clockwise.
  public let tiltAxisAngle: Double?
  /// Pixels from the centre.
  public let axisOffset: Double?
  public let dosePerTilt: [Double]?
  public let doseUnit: String?
  /// Where each of these stands, by its key.
  public private(set) var sources: [String: String] = [:]
  /// What contradicts itself.
  public private(set) var warnings: [String] = []

  /// - Throws: `StackError` where the stack cannot be read.
  public init(of path: String) throws {
    let info = try StackReader(path: path).info
    let record = SeriesRecord(of: path, info.shape)
    (self.path, format, bytes) = (path, info.format.rawValue, info.byteCount)
    sampleType = info.sampleType.rawValue
    (compression, byteOrder) = (info.compression.rawValue, info.byteOrder.rawValue)
    (columns, rows) = (info.shape.columnCount, info.shape.rowCount)
    pages = info.shape.pageCount
    let stack = info.hyperstack
    (channels, slices) = (stack?.channelCount, stack?.sliceCount)
    frames = stack?.frameCount
    pixelSize = info.pixelSize ?? record?.pixelSize
    (rowSpacing, pageSpacing) = (info.rowSpacing, info.pageSpacing)
    valueScale = info.valueScale
    let angles = record?.tilts ?? info.tilts
    tilts = angles?.degrees
    let angle = record == nil ? info.axisAngle : nil
    tiltAxisAngle = record == nil ? angle?.value : record?.axisAngle
    tiltAxis = record?.axis.rawValue ?? angle.map { SeriesFacts.axis(of: $0.value).rawValue }
    axisOffset = record?.axisOffset
    let dose = record?.dose
    dosePerTilt = dose?.perTilt ?? info.exposureDoses
    doseUnit = dosePerTilt == nil ? nil : dose?.unit ?? "electrons/Å²"
    let sidecar = record.map { FactSource.record(path: $0.file.path).description }
    func note(_ source: String?, _ keys: String...) {
      for key in keys { sources[key] = source }
    }
    note((stack?.source).map { "\($0)" }, "channels", "slices", "frames")
    note(
      info.pixelSize == nil
        ? record?.pixelSize.flatMap { _ in sidecar }
        : info.spacingSource.map { "\($0)" }, "pixelSize")
    note(angles.map { $0.source.inSentence }, "tilts")
    note(sidecar ?? angle.map { "\($0.source)" }, "tiltAxis")
    note(sidecar, "axisOffset")
    note(dose != nil ? sidecar : info.doses.map { "\($0.source)" }, "dosePerTilt")
    warnings =
      info.notes.map { "\($0)" } + info.tiltFaults.map { "\($0)" } + disagreements(record, info)
    let file = sidecarPath(of: path)
    if let earlier = EarlierRecord(at: file),
      earlier.output.map({ canonical($0.path) == canonical(path) }) == true,
      let words = EarlierRecord.mismatchWords(earlier.mismatches, record: file)
    {
      warnings.append(words)
    }
  }

  private func disagreements(_ record: SeriesRecord?, _ info: StackInfo) -> [String] {
    let told = [record?.tilts].compactMap(\.self) + info.toldTilts
    guard let first = told.first else { return [] }
    return told.dropFirst().compactMap { other in
      do throws(StackError) {
        try first.checked(against: other)
        return nil
      } catch {
        return "\(error)"
      }
    }
  }
}
