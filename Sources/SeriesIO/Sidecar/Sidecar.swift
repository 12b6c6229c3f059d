import Fields
package import Preparation
import Projection
public import Reconstruction
public import Records

/// Everything that tells how a stack was made, written beside it as `NAME.json`.
///
/// What is not known is `null`.
public struct Sidecar: Sendable, ResultRecord {
  package typealias File = RecordedFile

  package struct Geometry: Sendable, Encodable {
    /// Degrees, as they were used: flipped and offset.
    package let tilts: [Double]
    package let tiltRange: [Double]
    /// The common step, or `nil` where steps differ.
    @Nullable package private(set) var tiltStep: Double?
    package let tiltAxis: String
    /// Degrees of the axis from vertical in the pictures, counter-clockwise, where it is known; `nil` of volumes.
    @Nullable package var tiltAxisAngle: Double?
    package let axisOffset: Double
    package let zOffset: Double
    package let tiltOffset: Double
    package let flipTilts: Bool
  }

  /// Electrons on the specimen.
  package struct Dose: Sendable, Codable, Hashable {
    package let perTilt: [Double]
    package let total: Double
    package let unit: String

    /// A total that all tilts share equally.
    package init(total: Double, tiltCount: Int, unit: String) {
      perTilt = Array(repeating: total / Double(tiltCount), count: tiltCount)
      (self.total, self.unit) = (total, unit)
    }

    package init(perTilt: [Double], unit: String) {
      (self.perTilt, total, self.unit) = (perTilt, perTilt.reduce(0, +), unit)
    }
  }

  /// What the stack is, where another command goes on from it.
  package enum Contents: String, Sendable, Codable { case tiltSeries }

  /// How long each stage took, in seconds.
  public struct Seconds: Sendable, Encodable {
    /// Reading the input.
    public var read: Double
    /// The method alone.
    public var compute: Double
    /// Writing the output.
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

  let schema = ResultFiles.schema
  let voxtilt = Build.version
  let processor = Build.processor
  let directory = Build.directory
  package var command: [String]
  package var inputs: [File] = []
  /// The stack that was written.
  public var output: RecordedFile
  /// Of a tilt series as it stands now, or of the one that a volume was made from.
  @Nullable package var geometry: Geometry?
  /// Left away for what is no tilt series.
  package var contents: Contents?
  /// The name of the method, such as `sirt`.
  public var method: String
  /// The parameters of the method, and of the run where it has its own.
  public var settings: [String: Setting] = [:]
  /// Iterations that were done.
  @Nullable public var iterations: Int?
  /// The dimensionless strength of the prior that was used; `nil` for a method without one.
  @Nullable public var lambda: Double?
  /// How it was chosen, with all that was tried.
  @NullableAny package var lambdaChoice: (any Encodable & Sendable)?
  @Nullable package var noise: [String: Setting]?
  @Nullable package var dose: Dose?
  package var history: [HistoryEntry] = []
  /// Why the iterations ended.
  @Nullable public var stopReason: StopReason?
  @Nullable package var seed: UInt64?
  /// How long reading, computing and writing took.
  public var seconds: Seconds
  /// What a user should know of the input and of the run, in sentences.
  public var warnings: [String] = []
  /// Of a reconstruction: whether the object goes on beyond the field of its series; left away elsewhere.
  package var field: FieldReach.Verdict?
  /// Of a preparation that takes a series for a slab.
  package static let slabWords =
    "The level of most of each page was subtracted: densities are differences from that of the slab."

  package var lastingWarnings: [LastingWarning] {
    warningsOfItsOwn.map { LastingWarning($0.words, $0.words == Self.slabWords ? .field : nil) }
  }

  /// What a preparation did, in order; left away elsewhere.
  package var steps: [Step]?
  /// Of a series: whether its pixels count electrons; left away where nothing says it.
  package var counts: Counting?
  /// Of a reconstruction: the volume that it began with, and what stood in for pixels that are no numbers; left away
  /// elsewhere.
  package var start: String?
  package var replacement: Float?

  package init(
    command: [String], output: File, geometry: Geometry? = nil, method: String, seconds: Seconds
  ) {
    (self.command, self.output, self.geometry) = (command, output, geometry)
    (self.method, self.seconds) = (method, seconds)
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
    (self.tiltOffset, self.flipTilts) = (tiltOffset, flipTilts)
  }
}
