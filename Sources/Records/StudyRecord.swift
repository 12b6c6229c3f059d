/// What is written beside the tables and drawings of a study that have no record of their own.
package struct StudyRecord<Facts: Encodable & Sendable>: Sendable, ResultRecord {
  package let command: [String]
  package let inputs: [RecordedFile]
  package var warnings: [String] = []
  /// Its keys stand among those of the record.
  private let facts: Facts

  package init(command: [String], inputs: [RecordedFile] = [], facts: Facts) {
    (self.command, self.inputs, self.facts) = (command, inputs, facts)
  }

  private enum CodingKeys: String, CodingKey {
    case voxtilt, processor, directory, command, inputs, warnings
  }

  package func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(Build.directory, forKey: .directory)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(warnings, forKey: .warnings)
  }
}
