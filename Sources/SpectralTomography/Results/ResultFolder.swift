import SeriesIO
package import Fields
package import Files
package import Foundation
package import Reconstruction
import Records
import StackIO

/// A folder of spectral results that appears under its name when all of it is there, `spectra.json` last.
package struct ResultFolder {
  package let path: String
  private let folder: OutputFolder
  private let files: ResultFiles

  /// Refuses a folder that exists, or whose parent does not.
  ///
  /// - Returns: its path without a slash at the end.
  package static func check(_ path: String) throws -> String {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard FileStamp(path: trimmed) == nil else {
      throw FileError.cannotCreate(
        path: trimmed, reason: "it exists, and a folder of results must be new")
    }
    try checkFolder(of: trimmed)
    return trimmed
  }

  /// Begins the folder beside its place.
  package init(_ path: String, _ follower: Follower) throws {
    self.path = try Self.check(path)
    for name in Unfinished.sweep(besides: self.path) {
      follower.onNote("Removed '\(name)', which an earlier run left unfinished.")
    }
    folder = try OutputFolder(path: self.path)
    files = try ResultFiles(
      record: (folder.partialPath as NSString).appendingPathComponent("spectra.json"), inputs: [])
  }

  /// Where a file is written meanwhile.
  package func place(_ name: String) -> String { Records.path(name, in: folder.partialPath) }

  /// Where it will be.
  package func path(of name: String) -> String { Records.path(name, in: path) }

  /// Takes a file that was written to its place.
  ///
  /// - Returns: the SHA-256 of its bytes.
  @discardableResult
  package func add(_ file: OutputFile) throws -> String {
    let hash = try files.add(file)
    try file.commit()
    return hash
  }

  package func add(_ data: Data, _ name: String) throws {
    try add(try OutputFile(path: place(name), Array(data)))
  }

  /// Writes a tilt series as the next channel of `record`.
  package func writeSeries(
    _ series: TiltSeries, name: String, axis: TiltAxis, into record: inout SpectraRecord,
    _ follower: Follower
  ) throws {
    var target = StackTarget(path: place(name + ".tif"))
    (target.axis, target.pixelSize) = (axis, series.pixelSize)
    let (_, file) = try target.write(
      MemoryStore(series.projections, series.shape.slabs), follower)
    record.channels.append(
      SpectraResult.Channel(name: name, file: name + ".tif", sha256: try add(file)))
  }

  /// Writes the record and gives the folder its name.
  package func finish(_ record: SpectraRecord) throws -> SpectraRecord {
    let record = try files.finish(record)
    try folder.commit()
    return record
  }
}
