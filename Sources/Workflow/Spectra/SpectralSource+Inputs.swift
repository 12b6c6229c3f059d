import Files
import Records
public import SpectralTomography
import StackIO

extension SpectralSource {
  /// All files that it consists of, as inputs of a run that has read them.
  ///
  /// What a stack tells of angles or pixels and the manifest tells otherwise is noted; the manifest counts.
  func recorded() throws -> [RecordedFile] {
    let offset = try toldAxisOffset()
    let files = try manifest.files.map { path in
      let info = try headers(of: path).info
      let fingerprint = try fingerprint(of: path)
      if manifest.axisOffset == nil, offset != nil, let record = seriesRecord(path, info),
        record.sha256 != fingerprint.sha256
      {
        throw WorkflowError.recordIsStale(series: path, sidecar: record.file.path)
      }
      return RecordedFile(
        fingerprint, shape: [info.shape.pageCount, info.shape.rowCount, info.shape.columnCount],
        voxelSize: info.pixelSize, notes: info.notes.map { "\($0)" } + contradictions(info))
    }
    return files + RecordedFile.each(manifest.sources)
  }

  /// The axis offset of the manifest, or of the sidecars of its series, in pixels; `nil` where none tells it.
  ///
  /// - Throws: ``WorkflowError/axisOffsets(_:path:other:otherPath:)`` where two sidecars tell different ones.
  public func toldAxisOffset() throws -> Double? {
    if let offset = manifest.axisOffset { return offset }
    var known: (path: String, offset: Double)?
    for path in manifest.files {
      guard let record = seriesRecord(path, try headers(of: path).info) else { continue }
      if let known, abs(known.offset - record.axisOffset) > 1e-3 {
        throw WorkflowError.axisOffsets(
          known.offset, path: known.path, other: record.axisOffset, otherPath: path)
      }
      known = (path, record.axisOffset)
    }
    return known?.offset
  }

  private func seriesRecord(_ path: String, _ info: StackInfo) -> SeriesRecord? {
    manifest.layout == .channels ? SeriesRecord(of: path, info.shape) : nil
  }

  private func contradictions(_ info: StackInfo) -> [String] {
    var notes: [String] = []
    if manifest.layout == .channels, let told = info.tilts, told.degrees.count == tilts.count,
      let page = zip(told.degrees, tilts).enumerated().first(where: { abs($1.0 - $1.1) > 0.1 })?
        .offset
    {
      notes.append(
        """
        \(told.source) tells other angles than the spectra: \(told.degrees[page])° for page \(page + 1), and \
        \(tilts[page])° is used.
        """)
    }
    if let told = info.pixelSize, let used = pixelSize, abs(told - used) > 0.01 * used {
      notes.append("Its pixels are \(told) nm, and \(used) nm is used.")
    }
    return notes
  }
}
