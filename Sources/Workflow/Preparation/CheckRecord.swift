import SeriesIO
public import Fields
public import Preparation
import Projection
public import Records

/// What a check found, for scripts: the findings, every page, and what a reconstruction would take.
public typealias CheckRecord = Recorded<CheckResult>

public struct CheckResult: Sendable, Encodable {
  /// What SIRT, 50 iterations, of a volume as deep as it is wide would take.
  public struct Cost: Sendable, Encodable {
    /// The whole in memory, in bytes.
    public let memoryBytes: Int
    /// Voxels times tilts times passes, which the speed of a machine turns into time.
    public let updates: Double
    @Nullable public internal(set) var seconds: Double?
  }

  public let verdict: Finding.Verdict
  public let findings: [Finding]
  public let tilts: [Double]
  public let tiltAxis: TiltAxis
  @Nullable public private(set) var pixelSize: Double?
  @Nullable public private(set) var axisScores: AxisScores?
  public let contrast: SeriesCheck.Contrast
  public let vacuum: VacuumSurvey.Place
  @Nullable public private(set) var noise: NoiseFit?
  public let offsets: [SeriesCheck.Offset]
  public let pages: [PageFacts]
  public var cost: Cost

  /// What the findings say that matters for a result.
  var lastingWarnings: [LastingWarning] {
    findings.filter(\.isLasting).map {
      LastingWarning($0.words, $0.kind == .field && $0.verdict > .note ? .field : nil)
    }
  }

  init(_ check: SeriesCheck, of source: SeriesSource) {
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
}
