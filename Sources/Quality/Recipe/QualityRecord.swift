import Files
public import Records

/// Everything that was found out about a volume, written as `PREFIX.quality.json`; the inputs are the volume and its series.
public typealias QualityRecord = Recorded<VolumeQuality>

/// The part of a ``QualityRecord`` that is about the volume.
public struct VolumeQuality: Sendable, Encodable {
  /// Correlation of halves, residual, prediction of left-out tilts, spectrum, indicators, and a verdict.
  public let quality: QualityResult
}

extension QualityRecord {
  /// Whether `NAME.quality.json` beside the volume was measured of its bytes.
  static func isKept(beside volume: String) throws -> Bool {
    kept(beside: volume, sha256: try Fingerprint(path: volume).sha256) != nil
  }

  /// What `PREFIX.quality.json` tells of a volume of these bytes; `nil` where there is none.
  package static func kept(beside volume: String, sha256: String) -> Kept? {
    let path = String(sidecarPath(of: volume).dropLast(".json".count)) + ".quality.json"
    let kept = JSONText.read(Kept.self, at: path)
    return kept?.inputs.first?.sha256 == sha256 ? kept : nil
  }

  package struct Kept: Decodable {
    package let inputs: [RecordedFile]
    package let quality: QualityResult
    package let notes: [String]
  }
}

/// The correlation of two stacks, written as `PREFIX.fsc.json`.
package typealias CorrelationRecord = Recorded<StackCorrelation>

package struct StackCorrelation: Sendable, Encodable {
  package let correlation: CorrelationResult
  /// Of the plane (kx, kz), what was compared.
  package let sampledFraction: Double
  /// Whether the stacks are single images, whose rings were correlated.
  package let isPlane: Bool
}
