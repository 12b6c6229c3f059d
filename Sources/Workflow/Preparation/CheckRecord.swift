public import SeriesIO
public import Fields
import Foundation
public import Preparation
import Projection
public import Records

/// What a check found, for scripts: the findings, every page, and what a reconstruction would take.
public struct CheckRecord: Sendable, ResultRecord {
  /// What SIRT, 50 iterations, of a volume as deep as it is wide would take.
  public struct Cost: Sendable, Encodable {
    /// The whole in memory, in bytes.
    public let memoryBytes: Int
    /// Voxels times tilts times passes, which the speed of a machine turns into time.
    public let updates: Double
    public internal(set) var seconds: Double?

    public func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(memoryBytes, forKey: .memoryBytes)
      try keys.encode(updates, forKey: .updates)
      try keys.encode(seconds, forKey: .seconds)
    }

    private enum CodingKeys: String, CodingKey { case memoryBytes, updates, seconds }
  }

  public let command: [String]
  public let inputs: [Sidecar.File]
  public let verdict: Finding.Verdict
  public let findings: [Finding]
  public let tilts: [Double]
  public let tiltAxis: TiltAxis
  public let pixelSize: Double?
  public let axisScores: AxisScores?
  public let contrast: SeriesCheck.Contrast
  public let vacuum: VacuumSurvey.Place
  public let noise: NoiseFit?
  public let offsets: [SeriesCheck.Offset]
  public let pages: [PageFacts]
  public var cost: Cost
  public let seconds: Double
  public var warnings: [String] = []
  /// What the findings say that matters for a result.
  public var lastingWarnings: [LastingWarning] {
    findings.filter(\.isLasting).map {
      LastingWarning($0.words, $0.kind == .field && $0.verdict > .note ? .field : nil)
    }
  }

  init(
    command: [String], inputs: [Sidecar.File], source: SeriesSource, check: SeriesCheck,
    seconds: Double
  ) {
    (self.command, self.inputs, self.seconds) = (command, inputs, seconds)
    (verdict, findings, pages) = (check.worst, check.findings, check.pages)
    (tilts, tiltAxis, pixelSize) = (source.tilts, source.axis, source.pixelSize)
    (axisScores, contrast, vacuum) = (check.axisScores, check.contrast, check.vacuum)
    (noise, offsets) = (check.noise, check.offsets)
    cost = Self.cost(source)
  }

  private static func cost(_ source: SeriesSource) -> Cost {
    let series = source.shape
    let volume = VolumeShape(
      width: series.binCount, depth: series.binCount, sliceCount: series.sliceCount)
    let floats = volume.slabs.count + 2 * series.slabs.count
    return Cost(
      memoryBytes: 4 * floats + (32 << 20),
      updates: Double(volume.slabs.count) * Double(series.tiltCount) * 100)
  }

  /// Fills in the time, for a machine that takes so long for one voxel and tilt.
  public mutating func setSpeed(secondsPerUpdate: Double) {
    cost.seconds = cost.updates * secondsPerUpdate
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(verdict, forKey: .verdict)
    try keys.encode(findings, forKey: .findings)
    try keys.encode(tilts, forKey: .tilts)
    try keys.encode(tiltAxis, forKey: .tiltAxis)
    try keys.encode(pixelSize, forKey: .pixelSize)
    try keys.encode(axisScores, forKey: .axisScores)
    try keys.encode(contrast, forKey: .contrast)
    try keys.encode(vacuum, forKey: .vacuum)
    try keys.encode(noise, forKey: .noise)
    try keys.encode(offsets, forKey: .offsets)
    try keys.encode(pages, forKey: .pages)
    try keys.encode(cost, forKey: .cost)
    try keys.encode(seconds, forKey: .seconds)
    try keys.encode(warnings, forKey: .warnings)
  }

  private enum CodingKeys: String, CodingKey {
    case voxtilt, command, inputs, verdict, findings, tilts, tiltAxis, pixelSize, axisScores
    case contrast, vacuum, noise, offsets, pages, cost, seconds, warnings
  }
}
