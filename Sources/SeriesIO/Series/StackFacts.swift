import Fields
import Files
import Foundation
package import Records
package import StackIO

/// What a stack, its sidecar and the files beside it tell, and where each fact stands; what is not told is `null`.
package struct StackFacts: Sendable, Encodable {
  package let path: String
  package let format: String
  package let sampleType: String
  package let compression: String
  package let byteOrder: String
  package let columns: Int
  package let rows: Int
  package let pages: Int
  package let bytes: Int
  /// Counts of a hyperstack.
  @Nullable package private(set) var channels: Int?
  @Nullable package private(set) var slices: Int?
  @Nullable package private(set) var frames: Int?
  /// nm
  @Nullable package private(set) var pixelSize: Double?
  @Nullable package private(set) var rowSpacing: Double?
  @Nullable package private(set) var pageSpacing: Double?
  /// The line from stored samples to values.
  @Nullable package private(set) var valueScale: ValueScale?
  /// Degrees.
  @Nullable package private(set) var tilts: [Double]?
  /// `x` or `y`.
  @Nullable package private(set) var tiltAxis: String?
  /// Degrees from vertical, counter-clockwise.
  @Nullable package private(set) var tiltAxisAngle: Double?
  /// Pixels from the centre.
  @Nullable package private(set) var axisOffset: Double?
  @Nullable package private(set) var dosePerTilt: [Double]?
  @Nullable package private(set) var doseUnit: String?
  /// Where each of these stands, by its key.
  package private(set) var sources: [String: String] = [:]
  /// What contradicts itself.
  package private(set) var warnings: [String] = []

  /// - Throws: `StackError` where the stack cannot be read.
  package init(of path: String) throws {
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
    let places: [(FactSource?, [CodingKeys])] = [
      (stack?.source, [.channels, .slices, .frames]), (told.pixelSize?.source, [.pixelSize]),
      (rowSpacing == nil ? nil : info.spacingSource, [.rowSpacing]),
      (pageSpacing == nil ? nil : info.spacingSource, [.pageSpacing]),
      (told.axis?.source, [.tiltAxis]), (told.axisAngle?.source, [.tiltAxisAngle]),
      (told.axisOffset?.source, [.axisOffset]), (told.dose?.source, [.dosePerTilt]),
    ]
    for (source, keys) in places {
      for key in keys { sources[key.stringValue] = source.map { "\($0)" } }
    }
    sources[CodingKeys.tilts.stringValue] = angles?.source.inSentence
    // A volume has a sidecar of its own, which is right.
    let isNoSeries = told.recordFault?.contains("not a tilt series") ?? false
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
}
