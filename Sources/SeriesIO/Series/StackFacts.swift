import Fields
import Files
import Foundation
import Records
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
    let told = ToldSeries(info)
    (self.path, format, bytes) = (path, info.format.rawValue, info.byteCount)
    sampleType = info.sampleType.rawValue
    (compression, byteOrder) = (info.compression.rawValue, info.byteOrder.rawValue)
    (columns, rows) = (info.shape.columnCount, info.shape.rowCount)
    (pages, valueScale) = (info.shape.pageCount, info.valueScale)
    let stack = info.hyperstack
    (channels, slices, frames) = (stack?.channelCount, stack?.sliceCount, stack?.frameCount)
    (rowSpacing, pageSpacing) = (info.rowSpacing, info.pageSpacing)
    let angles = told.allTilts.first
    (pixelSize, tilts) = (told.pixelSize?.value, angles?.degrees)
    (tiltAxis, tiltAxisAngle) = (told.axis?.value.rawValue, told.axisAngle?.value)
    axisOffset = told.axisOffset?.value
    (dosePerTilt, doseUnit) = (told.dose?.value.perTilt, told.dose?.value.unit)
    let places: [(FactSource?, [Key])] = [
      (stack?.source, [.channels, .slices, .frames]), (told.pixelSize?.source, [.pixelSize]),
      (rowSpacing == nil ? nil : info.spacingSource, [.rowSpacing]),
      (pageSpacing == nil ? nil : info.spacingSource, [.pageSpacing]),
      (told.axis?.source, [.tiltAxis]), (told.axisAngle?.source, [.tiltAxisAngle]),
      (told.axisOffset?.source, [.axisOffset]), (told.dose?.source, [.dosePerTilt]),
    ]
    for (source, keys) in places {
      for key in keys { sources[key.rawValue] = source.map { "\($0)" } }
    }
    sources[Key.tilts.rawValue] = angles?.source.inSentence
    // A volume has a sidecar of its own, which is right.
    let isNoSeries = told.recordFault?.contains("no tilt series") ?? false
    warnings =
      info.notes.map { "\($0)" } + info.tiltFaults.map { "\($0)" } + disagreements(told)
      + (isNoSeries ? [] : [told.recordFault].compactMap(\.self))
    let file = sidecarPath(of: path)
    if let earlier = EarlierRecord(at: file),
      earlier.output.map({ canonical($0.path) == canonical(path) }) == true,
      let words = EarlierRecord.mismatchWords(earlier.mismatches, record: file)
    {
      warnings.append(words)
    }
  }

  private func disagreements(_ told: ToldSeries) -> [String] {
    guard let first = told.allTilts.first else { return [] }
    return told.allTilts.dropFirst().compactMap { other in
      do throws(StackError) {
        try first.checked(against: other)
        return nil
      } catch {
        return "\(error)"
      }
    }
  }

  private enum Key: String, CodingKey {
    case path, format, sampleType, compression, byteOrder, columns, rows, pages, bytes
    case channels, slices, frames, pixelSize, rowSpacing, pageSpacing, valueScale
    case tilts, tiltAxis, tiltAxisAngle, axisOffset, dosePerTilt, doseUnit, sources, warnings
  }

  /// What is not told is `null`.
  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    try keys.encode(path, forKey: .path)
    try keys.encode(format, forKey: .format)
    try keys.encode(sampleType, forKey: .sampleType)
    try keys.encode(compression, forKey: .compression)
    try keys.encode(byteOrder, forKey: .byteOrder)
    try keys.encode(columns, forKey: .columns)
    try keys.encode(rows, forKey: .rows)
    try keys.encode(pages, forKey: .pages)
    try keys.encode(bytes, forKey: .bytes)
    try keys.encode(channels, forKey: .channels)
    try keys.encode(slices, forKey: .slices)
    try keys.encode(frames, forKey: .frames)
    try keys.encode(pixelSize, forKey: .pixelSize)
    try keys.encode(rowSpacing, forKey: .rowSpacing)
    try keys.encode(pageSpacing, forKey: .pageSpacing)
    try keys.encode(valueScale, forKey: .valueScale)
    try keys.encode(tilts, forKey: .tilts)
    try keys.encode(tiltAxis, forKey: .tiltAxis)
    try keys.encode(tiltAxisAngle, forKey: .tiltAxisAngle)
    try keys.encode(axisOffset, forKey: .axisOffset)
    try keys.encode(dosePerTilt, forKey: .dosePerTilt)
    try keys.encode(doseUnit, forKey: .doseUnit)
    try keys.encode(sources, forKey: .sources)
    try keys.encode(warnings, forKey: .warnings)
  }
}
