import Files

/// A folder that takes the files of a study and their record; one that does not exist yet appears when all of
/// them are in it.
package struct StudyFolder: Sendable {
  package let path: String
  private let record: String
  private let names: [String]
  private let inputs: [String]
  private let overwrites: Bool

  /// Refuses what would fail after the work is done.
  ///
  /// - Parameters:
  ///   - record: the name of the JSON file.
  ///   - names: the files beside it.
  package init(
    _ path: String, record: String, _ names: [String], inputs: [String], overwrites: Bool
  ) throws {
    (self.path, self.record, self.names) = (path, record, names)
    (self.inputs, self.overwrites) = (inputs, overwrites)
    if isFolder(path) {
      _ = try files(in: path)
    } else {
      guard FileStamp(path: path) == nil else {
        throw FileError.cannotCreate(path: path, reason: "it is a file, not a folder")
      }
      try checkFolder(of: path)
    }
  }

  private func files(in place: String) throws -> ResultFiles {
    let files = try ResultFiles(
      record: Records.path(record, in: place), inputs: inputs, overwrites: overwrites)
    for name in names { try files.claim(Records.path(name, in: place)) }
    return files
  }

  /// Calls `body` with the door and the folder in which its files are to be written meanwhile.
  package func fill<Result>(
    _ body: (_ files: ResultFiles, _ place: String) throws -> Result
  ) throws -> Result {
    guard !isFolder(path) else { return try body(try files(in: path), path) }
    let folder = try OutputFolder(path: path)
    let result = try body(try files(in: folder.partialPath), folder.partialPath)
    try folder.commit()
    return result
  }
}
