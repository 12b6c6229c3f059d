public import Files

/// A file as a record tells of it.
public struct RecordedFile: Sendable, Codable, Hashable {
  public let path: String
  /// 64 hexadecimal digits.
  public let sha256: String
  /// Pages, rows, columns; `nil` for what is no stack.
  public let shape: [Int]?
  /// nm
  public let voxelSize: Double?
  /// Of an input of this run, to see that it stays what it was.
  public let fingerprint: Fingerprint?
  /// What contradicts itself in an input, for people; it comes out among the warnings of the record.
  public let notes: [String]
  /// The warning that only says what this run took from the record of an input; it means nothing to later runs.
  public private(set) var account: String?

  public init(path: String, sha256: String, shape: [Int]? = nil, voxelSize: Double? = nil) {
    (self.path, self.sha256, self.shape, self.voxelSize) = (path, sha256, shape, voxelSize)
    (fingerprint, notes) = (nil, [])
  }

  /// An input that was read.
  public init(
    _ input: Fingerprint, shape: [Int]? = nil, voxelSize: Double? = nil, notes: [String] = []
  ) {
    (path, sha256, fingerprint) = (input.path, input.sha256, input)
    (self.shape, self.voxelSize, self.notes) = (shape, voxelSize, notes)
  }

  /// The notes with the name of the file.
  public var remarks: [String] { notes.map { "'\(path)': \($0)" } }

  /// The same with the size that its values were taken to have, nm.
  public func with(voxelSize: Double?) -> RecordedFile {
    fingerprint.map {
      RecordedFile($0, shape: shape, voxelSize: voxelSize, notes: notes).with(account: account)
    } ?? self
  }

  public func with(account: String?) -> RecordedFile {
    var file = self
    file.account = account
    return file
  }

  private enum CodingKeys: String, CodingKey { case path, sha256, shape, voxelSize }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    path = try keys.decode(String.self, forKey: .path)
    sha256 = try keys.decode(String.self, forKey: .sha256)
    shape = try keys.decodeIfPresent([Int].self, forKey: .shape)
    voxelSize = try keys.decodeIfPresent(Double.self, forKey: .voxelSize)
    (fingerprint, notes) = (nil, [])
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(path, forKey: .path)
    try keys.encode(sha256, forKey: .sha256)
    try keys.encode(shape, forKey: .shape)  // optionals are written as null
    try keys.encode(voxelSize, forKey: .voxelSize)
  }
}

/// What is written beside results as JSON and tells how they were made.
public protocol ResultRecord: Encodable {
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
  public var lastingWarnings: [LastingWarning] {
    let accounts = inputs.compactMap(\.account)
    return warnings.filter { !accounts.contains($0) }.map { LastingWarning($0) }
  }

  /// The record once its inputs are seen to be what was read; it says what contradicts itself in them, and which of
  /// them was removed meanwhile.
  ///
  /// - Throws: `FileError.changed`
  public func verified() throws(FileError) -> Self {
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
