package import Files
import Foundation
import Preparation
import Records

/// What `check` kept of a series, so that its warnings go on with what is made of it.
package struct CheckedSeries: Sendable {
  /// The record.
  package let file: Fingerprint
  /// Of the series that was checked.
  package let sha256: String
  /// Whether it says what is wrong with vacuum.
  package let warnsOfVacuum: Bool

  private struct Stored: Decodable {
    let command: [String]
    let inputs: [RecordedFile]
    let findings: [Finding]
  }

  /// - Throws: `FileError` where it cannot be read, ``SeriesError/notACheck(path:)``.
  package init(reading path: String) throws {
    let (bytes, file) = try InputFile.contents(of: path)
    guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes)),
      stored.command.first == "check", let series = stored.inputs.first
    else { throw SeriesError.notACheck(path: path) }
    (self.file, sha256) = (file, series.sha256)
    warnsOfVacuum = stored.findings.contains { $0.kind == .vacuum && $0.verdict > .passed }
  }
}

extension SeriesSource {
  /// The series with the record that `check` kept of it, whose warnings go on with what is made of the series.
  ///
  /// - Throws: ``SeriesError/notACheck(path:)``; that it is of other bytes shows when the series is read.
  package func checked(by path: String?) throws -> SeriesSource {
    var source = self
    source.check = try path.map { try CheckedSeries(reading: $0) }
    return source
  }
}
