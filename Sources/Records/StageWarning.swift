import Files
import Foundation

/// What whoever reads what is made of a result should know as well.
package struct LastingWarning: Sendable, Hashable {
  package enum Matter: String, Sendable, Codable, Hashable {
    /// The object goes on beyond the field.
    case field
  }

  package let words: String
  package let matter: Matter?

  package init(_ words: String, _ matter: Matter? = nil) {
    (self.words, self.matter) = (words, matter)
  }
}

/// What a stage warned of, as the records of all that is made of its result carry it.
package struct StageWarning: Sendable, Codable, Hashable {
  /// The command that said it, such as `prepare`.
  package let stage: String
  /// The name of the result that it was said of; of `check`, that of the series.
  package let file: String
  package let words: String
  /// What it is about, where later stages act on it.
  package let matter: LastingWarning.Matter?

  package init(stage: String, file: String, _ warning: LastingWarning) {
    (self.stage, self.file, words, matter) = (stage, file, warning.words, warning.matter)
  }

  /// For people, with the name of the stage.
  package var sentence: String { "\(stage) (\(file)): \(words)" }

  /// More than these are not carried, so that no chain of commands makes a record that grows without end.
  static let limit = 100

  /// Those of the records of some inputs, oldest first, each once.
  ///
  /// A record counts where it names the very bytes that were read, or was read itself.
  static func told(by inputs: [RecordedFile]) -> [StageWarning] {
    let records = inputs.filter { $0.fingerprint != nil }.compactMap { input -> EarlierRecord? in
      let target = URL(fileURLWithPath: input.path).resolvingSymlinksInPath().path
      let beside = [input.path, target].lazy.map { sidecarPath(of: $0) }
        .compactMap { EarlierRecord(at: $0) }
        .first { record in record.files.contains { $0.sha256 == input.sha256 } }
      return beside ?? EarlierRecord(at: input.path)
    }
    return unique(records.flatMap(\.stageWarnings))
  }

  /// The first of those that say the same of the same stage, up to the limit.
  static func unique(_ warnings: [StageWarning]) -> [StageWarning] {
    var seen: Set<[String]> = []
    let all = warnings.filter { seen.insert([$0.stage, $0.words]).inserted }
    guard all.count > limit, let last = all.last else { return all }
    let rest = StageWarning(
      stage: last.stage, file: last.file,
      LastingWarning(
        "More than \(limit) warnings: the last ones are only in the sidecars of earlier files."))
    return all.prefix(limit - 1) + [rest]
  }
}
