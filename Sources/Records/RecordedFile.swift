package import Files

/// A file as a record tells of it.
public struct RecordedFile: Sendable, Codable, Hashable {
  /// The path as it was given; a relative one starts from the `directory` of the record.
  public let path: String
  /// SHA-256 of the bytes, 64 hexadecimal digits.
  public let sha256: String
  /// Pages, rows and columns; `nil` for a file that is not a stack.
  @Nullable public private(set) var shape: [Int]?
  /// The edge of a voxel or pixel in nm; `nil` where it is not known.
  @Nullable public private(set) var voxelSize: Double?
  /// Of an input of this run, to see that it stays what it was.
  package private(set) var fingerprint: Fingerprint?
  /// What contradicts itself in an input, for people; it comes out among the warnings of the record.
  package private(set) var notes: [String] = []
  /// The warning that only says what this run took from the record of an input; it means nothing to later runs.
  package private(set) var account: String?

  private enum CodingKeys: CodingKey { case path, sha256, shape, voxelSize }

  package init(path: String, sha256: String, shape: [Int]? = nil, voxelSize: Double? = nil) {
    (self.path, self.sha256, self.shape, self.voxelSize) = (path, sha256, shape, voxelSize)
  }

  /// An input that was read.
  package init(
    _ input: Fingerprint, shape: [Int]? = nil, voxelSize: Double? = nil, notes: [String] = []
  ) {
    (path, sha256, fingerprint) = (input.path, input.sha256, input)
    (self.shape, self.voxelSize, self.notes) = (shape, voxelSize, notes)
  }

  /// The notes with the name of the file.
  package var remarks: [String] { notes.map { "'\(path)': \($0)" } }

  /// An input with the size that its values were taken to have, nm.
  package func with(voxelSize: Double?) -> RecordedFile {
    var file = self
    if fingerprint != nil { file.voxelSize = voxelSize }
    return file
  }

  package func with(account: String?) -> RecordedFile {
    var file = self
    file.account = account
    return file
  }
}

/// What is written beside results as JSON and tells how they were made.
package protocol ResultRecord: Encodable {
  /// The arguments that made the results; the first names the command.
  var command: [String] { get }
  /// The files that the results were made from.
  var inputs: [RecordedFile] { get }
  /// For people.
  var warnings: [String] { get set }
  /// Those that whoever reads what is made of the results should know as well; by default all but the accounts of
  /// inputs.
  var lastingWarnings: [LastingWarning] { get }
}

extension ResultRecord {
  package var lastingWarnings: [LastingWarning] { warningsOfItsOwn }

  /// All but the accounts of inputs.
  package var warningsOfItsOwn: [LastingWarning] {
    let accounts = inputs.compactMap(\.account)
    return warnings.filter { !accounts.contains($0) }.map { LastingWarning($0) }
  }

  /// The record once its inputs are seen to be what was read; it says what contradicts itself in them, and which of
  /// them was removed meanwhile.
  ///
  /// - Throws: `FileError.changed`
  package func verified() throws(FileError) -> Self {
    var record = self
    for input in inputs {
      record.warnings += input.remarks.filter { !record.warnings.contains($0) }
    }
    for input in inputs.compactMap(\.fingerprint) where try !input.verify() {
      record.warnings.append("The input '\(input.path)' was removed during the run.")
    }
    return record
  }
}
