package import SeriesIO
import Fields
import Files
import Preparation
package import Records
import StackIO

extension SpectralSource {
  /// The same with what the sidecars of its files say of their counts.
  ///
  /// - Throws: `SeriesError.countsEnded` where counts are promised of a file whose sidecar says that they were ended.
  package func withToldCounts() throws -> SpectralSource {
    guard manifest.isCounts else { return self }
    var source = self
    for path in manifest.files {
      guard let counts = SeriesRecord.counts(beside: path) else { continue }
      if let objection = counts.objection(to: path) { throw SeriesError.countsEnded(objection) }
      if counts == .shared { source.sharedCounts.insert(path) }
    }
    return source
  }

  /// Where the tilt axis of all channels lies, and what says so.
  package struct AxisPlace: Sendable {
    /// Pixels from the centre; `nil` where nothing tells it.
    package let offset: Double?
    /// The sidecars that tell it, by the series that they are of.
    package let records: [String: SeriesRecord]

    /// As the user says.
    package init(_ offset: Double) { (self.offset, records) = (offset, [:]) }

    fileprivate init(_ offset: Double?, _ records: [String: SeriesRecord]) {
      (self.offset, self.records) = (offset, records)
    }
  }

  /// The axis offset of the manifest, or of the sidecars of its series.
  ///
  /// - Throws: ``SpectralError/axisOffsets(_:path:other:otherPath:)`` where two sidecars tell different ones.
  package func toldAxisPlace() throws -> AxisPlace {
    if let offset = manifest.axisOffset { return AxisPlace(offset) }
    guard manifest.layout == .channels else { return AxisPlace(nil, [:]) }
    var (records, first) = ([String: SeriesRecord](), (path: String, offset: Double)?.none)
    for path in manifest.files {
      guard let record = ToldSeries(try headers(of: path).info).record else { continue }
      guard record.axis == manifest.axis else {
        throw SpectralError.axes(
          told: record.axis.rawValue, path: path, used: manifest.axis.rawValue,
          folder: folder(of: path))
      }
      if let first, abs(first.offset - record.axisOffset) > 1e-3 {
        throw SpectralError.axisOffsets(
          first.offset, path: first.path, other: record.axisOffset, otherPath: path)
      }
      first = first ?? (path, record.axisOffset)
      records[path] = record
    }
    return AxisPlace(first?.offset, records)
  }

  /// All files that it consists of, as inputs of a run that has read them.
  ///
  /// What a stack tells of angles or pixels and the manifest tells otherwise is noted; the manifest counts.
  ///
  /// - Throws: `SeriesError.recordIsStale` where a sidecar that told the axis is of other bytes.
  package func recorded(_ place: AxisPlace) throws -> [RecordedFile] {
    let files = try manifest.files.map { path in
      let info = try headers(of: path).info
      let fingerprint = try fingerprint(of: path)
      if let record = place.records[path], record.sha256 != fingerprint.sha256 {
        throw SeriesError.recordIsStale(series: path, sidecar: record.file.path)
      }
      return RecordedFile(
        fingerprint, shape: [info.shape.pageCount, info.shape.rowCount, info.shape.columnCount],
        voxelSize: info.pixelSize, notes: info.notes.map { "\($0)" } + contradictions(info))
    }
    let records = manifest.files.compactMap { place.records[$0]?.file }
    return files + RecordedFile.each(manifest.sources + records)
  }

  private func contradictions(_ info: StackInfo) -> [String] {
    var notes: [String] = []
    if manifest.layout == .channels, let told = info.tilts,
      let found = told.difference(from: tilts)
    {
      notes.append(
        """
        \(told.source) has other angles than the spectra: \(found.own)° for page \(found.page), and \
        \(found.other)° is used.
        """)
    }
    if let told = info.pixelSize, let used = pixelSize, abs(told - used) > 0.01 * used {
      notes.append("Its pixels are \(told) nm, and \(used) nm is used.")
    }
    return notes
  }
}
