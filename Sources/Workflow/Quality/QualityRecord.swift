public import SeriesIO
import Files
import Foundation
public import Quality
public import Records

/// Everything that was found out about a volume, written as `PREFIX.quality.json`.
public struct QualityRecord: Sendable, ResultRecord {
  public let command: [String]
  /// The volume and its series.
  public let inputs: [Sidecar.File]
  public let quality: QualityResult
  public var notes: [String]
  public var warnings: [String] {
    get { notes }
    set { notes = newValue }
  }
  public let seconds: Double

  private enum CodingKeys: String, CodingKey {
    case voxtilt, processor, directory, command, inputs, quality, notes, seconds
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(Build.directory, forKey: .directory)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(quality, forKey: .quality)
    try keys.encode(notes, forKey: .notes)
    try keys.encode(seconds, forKey: .seconds)
  }
}

extension QualityRecord {
  /// What `PREFIX.quality.json` tells of a volume of these bytes; `nil` where there is none.
  static func kept(beside volume: String, sha256: String) -> Kept? {
    let path = String(sidecarPath(of: volume).dropLast(".json".count)) + ".quality.json"
    guard let bytes = try? InputFile.contents(of: path).bytes,
      let kept = try? JSONDecoder().decode(Kept.self, from: Data(bytes)),
      kept.inputs.first?.sha256 == sha256
    else { return nil }
    return kept
  }

  struct Kept: Decodable {
    let inputs: [Sidecar.File]
    let quality: QualityResult
    let notes: [String]
  }
}

/// The correlation of two stacks, written as `PREFIX.fsc.json`.
public struct CorrelationRecord: Sendable, ResultRecord {
  public let command: [String]
  public let inputs: [Sidecar.File]
  public let correlation: CorrelationResult
  /// Of the plane (kx, kz), what was compared.
  public let sampledFraction: Double
  /// Whether the stacks are single images, whose rings were correlated.
  public let isPlane: Bool
  public var warnings: [String] = []

  private enum CodingKeys: String, CodingKey {
    case voxtilt, processor, directory, command, inputs, correlation, sampledFraction, isPlane,
      warnings
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(Build.directory, forKey: .directory)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(correlation, forKey: .correlation)
    try keys.encode(sampledFraction, forKey: .sampledFraction)
    try keys.encode(isPlane, forKey: .isPlane)
    try keys.encode(warnings, forKey: .warnings)
  }
}
