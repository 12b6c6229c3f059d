/// A result with what made it: the JSON beside the tables and drawings of a study.
///
/// In the file the keys of the result stand among those of the record; in Swift `record.x` is `record.result.x`.
@dynamicMemberLookup
public struct Recorded<Result: Encodable & Sendable>: Sendable, ResultRecord {
  /// What stands before the keys of a result; records of some studies have less of it.
  package enum Key: String, CodingKey {
    case voxtilt, processor, directory, command, inputs, seconds, warnings, notes
  }

  package var command: [String]
  package var inputs: [RecordedFile]
  /// Wall-clock time of the run in seconds; `nil` where the study does not measure it.
  public var seconds: Double?
  /// What a reader of the result should know, in sentences.
  public var warnings: [String]
  /// What the study found.
  public var result: Result
  private let keys: [Key]
  private let lasting: [LastingWarning]?

  /// - Parameters:
  ///   - keys: what the head of the record holds, warnings as one of `warnings` and `notes`.
  ///   - lasting: where not all warnings matter to those who read what is made of the result.
  package init(
    _ result: Result, command: [String] = [], inputs: [RecordedFile] = [], seconds: Double? = nil,
    warnings: [String] = [],
    keys: [Key] = [.voxtilt, .processor, .directory, .command, .inputs, .warnings],
    lasting: [LastingWarning]? = nil
  ) {
    (self.result, self.command, self.inputs) = (result, command, inputs)
    (self.seconds, self.warnings, self.keys, self.lasting) = (seconds, warnings, keys, lasting)
  }

  /// A member of ``result`` that can be changed.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Result, Value>) -> Value {
    get { result[keyPath: path] }
    set { result[keyPath: path] = newValue }
  }

  /// A member of ``result``.
  public subscript<Value>(dynamicMember path: KeyPath<Result, Value>) -> Value {
    result[keyPath: path]
  }

  package var lastingWarnings: [LastingWarning] { lasting ?? warningsOfItsOwn }

  public func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var head = encoder.container(keyedBy: Key.self)
    for key in keys {
      switch key {
      case .voxtilt: try head.encode(Build.version, forKey: key)
      case .processor: try head.encode(Build.processor, forKey: key)
      case .directory: try head.encode(Build.directory, forKey: key)
      case .command: try head.encode(command, forKey: key)
      case .inputs: try head.encode(inputs, forKey: key)
      case .seconds: try head.encode(seconds, forKey: key)
      case .warnings, .notes: try head.encode(warnings, forKey: key)
      }
    }
  }
}
