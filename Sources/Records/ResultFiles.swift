package import Files
package import Foundation

/// The one door by which results leave: files and their record are all complete beside their places and on the
/// disk before the first of them gets its name.
///
/// A failure at any point leaves what stood there before. The record is named last and holds the SHA-256 of every
/// file, so that a process killed in between is found out (``EarlierRecord/mismatches``).
package final class ResultFiles {
  /// The JSON beside the results; `nil` for a picture or page that stands alone.
  package let record: String?
  private let result: String?
  private let inputs: [String]
  private let overwrites: Bool
  private let earlier: EarlierRecord?
  private var waiting: [OutputFile] = []
  private var facts: [RecordedFile] = []
  private var claimed: Set<String> = []

  private static let endingsWithSidecar: Set = ["tif", "tiff", "mrc", "st", "ali", "rec", "map"]

  /// The form of records; those of the first version have no number.
  package static let schema = 1

  /// Refuses a record of a later form: what it says may mean something else.
  package static func checkSchema(of record: Data, at path: String) throws(RecordsError) {
    struct Form: Decodable { let schema: Int? }
    if let found = (try? JSONDecoder().decode(Form.self, from: record))?.schema, found > schema {
      throw .laterSchema(path: path, schema: found)
    }
  }

  /// - Parameters:
  ///   - record: where the record goes.
  ///   - result: the main result that the record belongs to, where there is one.
  ///   - inputs: paths that must stay as they are.
  ///   - overwrites: whether files that voxtilt did not write may be replaced.
  /// - Throws: ``RecordsError``, or `FileError.cannotCreate`.
  package init(
    record: String?, of result: String? = nil, inputs: [String], overwrites: Bool = false
  ) throws {
    (self.record, self.result) = (record, result)
    (self.inputs, self.overwrites) = (inputs, overwrites)
    earlier = record.flatMap { EarlierRecord(at: $0) }
    if let result { try claim(result) }
    if let record { try checkRecord(record, of: result) }
  }

  /// The door of `NAME.tif` with its sidecar `NAME.json`.
  package convenience init(_ result: String, inputs: [String], overwrites: Bool = false) throws {
    try self.init(
      record: sidecarPath(of: result), of: result, inputs: inputs, overwrites: overwrites)
  }

  private func checkRecord(_ record: String, of result: String?) throws {
    try checkFolder(of: record)
    for input in inputs {
      let ending = (input as NSString).pathExtension.lowercased()
      let kept = Self.endingsWithSidecar.contains(ending) ? sidecarPath(of: input) : input
      guard canonical(kept) != canonical(record) else {
        throw RecordsError.sidecarIsInput(sidecar: record, input: input)
      }
    }
    guard FileManager.default.fileExists(atPath: record) else { return }
    guard let earlier else {
      guard overwrites else { throw RecordsError.sidecarIsForeign(sidecar: record) }
      return
    }
    if let other = earlier.output?.path, FileManager.default.fileExists(atPath: other),
      result.map({ canonical($0) != canonical(other) }) ?? true
    {
      throw RecordsError.sidecarIsTaken(sidecar: record, result: other)
    }
  }

  /// Refuses a file that would destroy an input or what voxtilt did not write.
  ///
  /// - Parameter start: bytes with which files of this kind begin, where they carry no mark.
  package func claim(_ path: String, start: [UInt8]? = nil) throws {
    guard claimed.insert(path).inserted else { return }
    guard !path.unicodeScalars.contains("\u{FFFD}") else {
      throw RecordsError.badName(path: path)
    }
    try checkFolder(of: path)
    if inputs.contains(where: { canonical($0) == canonical(path) }) {
      throw RecordsError.sameFile(path: path)
    }
    if FileManager.default.fileExists(atPath: path), !overwrites, !isOurs(path, start) {
      throw RecordsError.foreign(path: path)
    }
  }

  /// Removes what dead processes left unfinished of these results.
  ///
  /// - Returns: the names of what was removed.
  package func sweep() -> [String] {
    // All that begins with the name of the record belongs to it, also what this run may not write.
    let places = claimed.union([record.map { basePath(of: $0) }].compactMap(\.self))
    return places.sorted().flatMap { Unfinished.sweep(besides: $0) }
  }

  private func isOurs(_ path: String, _ start: [UInt8]?) -> Bool {
    if earlier?.names(path) == true || FileMark.isCarried(by: path) { return true }
    guard let start, let file = try? InputFile(path: path),
      let found = try? file.bytes(start.count, at: 0)
    else { return false }
    return found == start
  }

  /// Takes a file that is complete beside its place.
  ///
  /// - Returns: the SHA-256 of its bytes.
  @discardableResult
  package func add(_ file: OutputFile) throws -> String {
    try claim(file.path)
    let hash = try file.sha256()
    waiting.append(file)
    facts.append(RecordedFile(path: file.path, sha256: hash))
    return hash
  }

  /// Writes a file beside its place.
  package func add(_ data: Data, at path: String) throws {
    try claim(path)
    try add(try OutputFile(path: path, Array(data)))
  }

  /// Gives all files their names, and the record last.
  ///
  /// - Returns: the record as it was written, with what was found on the way among its warnings.
  /// - Throws: `FileError.changed` where an input is no longer what was read, and whatever keeps a file from its
  ///   name; then nothing has changed.
  @discardableResult
  package func finish<Record: ResultRecord>(_ record: Record) throws -> Record {
    var record = try record.verified()
    if let path = self.record {
      let beside = facts.filter { canonical(folder(of: $0.path)) == canonical(folder(of: path)) }
      let earlier = StageWarning.told(by: record.inputs)
      var text = try JSONText(Stored(record, beside, stageWarnings(record, after: earlier)))
      if let warning = text.warning {
        record.warnings.append(warning)
        text = try JSONText(Stored(record, beside, stageWarnings(record, after: earlier)))
      }
      waiting.append(try OutputFile(path: path, Array(text.data)))
    }
    try commit()
    return record
  }

  /// The warnings of the stages before, and those of this one.
  private func stageWarnings(
    _ record: some ResultRecord, after earlier: [StageWarning]
  ) -> [StageWarning] {
    let name = ((result ?? record.inputs.first?.path ?? "") as NSString).lastPathComponent
    let own = record.lastingWarnings.map {
      StageWarning(stage: record.command.first ?? "voxtilt", file: name, $0)
    }
    return StageWarning.unique(earlier + own)
  }

  /// Gives files that have no record their names.
  package func commit() throws {
    try OutputFile.commit(waiting)
    // What the earlier result had and this one has not would be taken for its own.
    let now = Set(waiting.map { canonical($0.path) })
    for file in earlier?.files.dropFirst(earlier?.output == nil ? 0 : 1) ?? []
    where !now.contains(canonical(file.path)) {
      guard let found = try? Fingerprint(path: file.path), found.sha256 == file.sha256 else {
        continue
      }
      try? FileManager.default.removeItem(atPath: file.path)
    }
    waiting = []
  }

  /// A record with the number of its form, the files that belong to it and the warnings of all stages up to it.
  private struct Stored<Record: ResultRecord>: Encodable {
    let record: Record
    let files: [RecordedFile]
    let warnings: [StageWarning]

    init(_ record: Record, _ facts: [RecordedFile], _ warnings: [StageWarning]) {
      (self.record, files, self.warnings) = (record, facts, warnings)
    }

    private enum CodingKeys: String, CodingKey { case schema, written, stageWarnings }
    private struct Named: Encodable {
      let path: String
      let sha256: String
    }

    func encode(to encoder: any Encoder) throws {
      try record.encode(to: encoder)
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(ResultFiles.schema, forKey: .schema)
      try keys.encode(
        files.map {
          Named(path: ($0.path as NSString).lastPathComponent, sha256: $0.sha256)
        }.sorted { $0.path < $1.path }, forKey: .written)
      try keys.encode(warnings, forKey: .stageWarnings)
    }
  }
}
