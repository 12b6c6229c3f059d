import Fields
public import Preparation
import Projection
public import Reconstruction
public import Records

/// Everything that tells how a stack was made, written beside it as `NAME.json`.
///
/// What is not known is `null`.
public struct Sidecar: Sendable, ResultRecord {
  public typealias File = RecordedFile

  public struct Geometry: Sendable, Encodable {
    /// Degrees, as they were used: flipped and offset.
    public let tilts: [Double]
    public let tiltRange: [Double]
    /// The common step, or `nil` where steps differ.
    public let tiltStep: Double?
    public let tiltAxis: String
    /// Degrees of the axis from vertical in the pictures, counter-clockwise, where it is known; `nil` of volumes.
    public var tiltAxisAngle: Double?
    public let axisOffset: Double
    public let zOffset: Double
    public let tiltOffset: Double
    public let flipTilts: Bool

    public func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(tilts, forKey: .tilts)
      try keys.encode(tiltRange, forKey: .tiltRange)
      try keys.encode(tiltStep, forKey: .tiltStep)
      try keys.encode(tiltAxis, forKey: .tiltAxis)
      try keys.encode(tiltAxisAngle, forKey: .tiltAxisAngle)
      try keys.encode(axisOffset, forKey: .axisOffset)
      try keys.encode(zOffset, forKey: .zOffset)
      try keys.encode(tiltOffset, forKey: .tiltOffset)
      try keys.encode(flipTilts, forKey: .flipTilts)
    }

    private enum CodingKeys: String, CodingKey {
      case tilts, tiltRange, tiltStep, tiltAxis, tiltAxisAngle, axisOffset, zOffset, tiltOffset
      case flipTilts
    }
  }

  /// Electrons on the specimen.
  public struct Dose: Sendable, Codable, Hashable {
    public let perTilt: [Double]
    public let total: Double
    public let unit: String

    /// A total that all tilts share equally.
    public init(total: Double, tiltCount: Int, unit: String) {
      perTilt = Array(repeating: total / Double(tiltCount), count: tiltCount)
      (self.total, self.unit) = (total, unit)
    }

    public init(perTilt: [Double], unit: String) {
      (self.perTilt, total, self.unit) = (perTilt, perTilt.reduce(0, +), unit)
    }
  }

  /// What the stack is, where another command goes on from it.
  public enum Contents: String, Sendable, Codable { case tiltSeries }

  public struct Seconds: Sendable, Encodable {
    public var read: Double
    public var compute: Double
    public var write: Double

    package init(compute: Double) { (read, self.compute, write) = (0, compute, 0) }

    /// - Parameters: when each stage began, and when the last one ended.
    package init(
      _ reading: ContinuousClock.Instant, _ computing: ContinuousClock.Instant,
      _ writing: ContinuousClock.Instant, _ end: ContinuousClock.Instant = .now
    ) {
      read = (computing - reading) / .seconds(1)
      compute = (writing - computing) / .seconds(1)
      write = (end - writing) / .seconds(1)
    }
  }

  public var command: [String]
  public var inputs: [File] = []
  public var output: File
  /// Of a tilt series as it stands now, or of the one that a volume was made from.
  public var geometry: Geometry?
  /// Left away for what is no tilt series.
  public var contents: Contents?
  public var method: String
  public var settings: [String: Setting] = [:]
  public var iterations: Int?
  /// The dimensionless strength of the prior.
  public var lambda: Double?
  /// How it was chosen, with all that was tried.
  public var lambdaChoice: (any Encodable & Sendable)?
  public var noise: [String: Setting]?
  public var dose: Dose?
  public var history: [HistoryEntry] = []
  public var stopReason: StopReason?
  public var seed: UInt64?
  public var seconds: Seconds
  public var warnings: [String] = []
  /// Of a reconstruction: whether the object goes on beyond the field of its series; left away elsewhere.
  public var field: FieldReach.Verdict?
  /// Of a preparation that takes a series for a slab.
  package static let slabWords =
    "The level that most of each page shows was taken off: densities are differences from that of the slab."

  public var lastingWarnings: [LastingWarning] {
    let accounts = inputs.compactMap(\.account)
    return warnings.filter { !accounts.contains($0) }.map {
      LastingWarning($0, $0 == Self.slabWords ? .field : nil)
    }
  }

  /// What a preparation did, in order; left away elsewhere.
  public var steps: [Step]?
  /// Of a series: whether its pixels count electrons; left away where nothing says it.
  public var counts: Counting?
  /// Of a reconstruction: the volume that it began with, and what stood in for pixels that are no numbers; left away
  /// elsewhere.
  public var start: String?
  public var replacement: Float?

  package init(
    command: [String], output: File, geometry: Geometry? = nil, method: String, seconds: Seconds
  ) {
    (self.command, self.output, self.geometry) = (command, output, geometry)
    (self.method, self.seconds) = (method, seconds)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case voxtilt, processor, directory, command, inputs, output, geometry, method, settings
    case iterations, lambda, lambdaChoice, noise, dose, history, stopReason, seed, seconds, warnings
    case steps, schema, contents, field, counts, start, replacement
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(Build.directory, forKey: .directory)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(output, forKey: .output)
    try keys.encode(geometry, forKey: .geometry)  // optionals are written as null
    try keys.encode(method, forKey: .method)
    try keys.encode(settings, forKey: .settings)
    try keys.encode(iterations, forKey: .iterations)
    try keys.encode(lambda, forKey: .lambda)
    if let lambdaChoice {
      try keys.encode(lambdaChoice, forKey: .lambdaChoice)
    } else {
      try keys.encodeNil(forKey: .lambdaChoice)
    }
    try keys.encode(noise, forKey: .noise)
    try keys.encode(dose, forKey: .dose)
    try keys.encode(history, forKey: .history)
    try keys.encode(stopReason, forKey: .stopReason)
    try keys.encode(seed, forKey: .seed)
    try keys.encode(seconds, forKey: .seconds)
    try keys.encode(warnings, forKey: .warnings)
    try keys.encodeIfPresent(steps, forKey: .steps)
    try keys.encodeIfPresent(contents, forKey: .contents)
    try keys.encodeIfPresent(field, forKey: .field)
    try keys.encodeIfPresent(counts, forKey: .counts)
    try keys.encodeIfPresent(start, forKey: .start)
    try keys.encodeIfPresent(replacement, forKey: .replacement)
    try keys.encode(ResultFiles.schema, forKey: .schema)
  }
}

extension Sidecar.Geometry {
  package init(
    _ tilts: [Double], axis: String, axisOffset: Double, zOffset: Double = 0,
    tiltOffset: Double = 0, flipTilts: Bool = false
  ) {
    self.tilts = tilts
    tiltRange = [tilts.min() ?? 0, tilts.max() ?? 0]
    let steps = zip(tilts.dropFirst(), tilts).map { $0 - $1 }
    let isEven = steps.allSatisfy { abs($0 - (steps.first ?? 0)) < 1e-3 }
    tiltStep = isEven ? steps.first.map { abs(($0 * 1e6).rounded() / 1e6) } : nil
    (tiltAxis, self.axisOffset, self.zOffset) = (axis, axisOffset, zOffset)
    tiltAxisAngle = nil
    (self.tiltOffset, self.flipTilts) = (tiltOffset, flipTilts)
  }
}
