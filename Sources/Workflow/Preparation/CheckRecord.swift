import SeriesIO
package import Fields
package import Preparation
import Projection
package import Records

/// What a check found, for scripts: the findings, every page, and what a reconstruction would take.
package typealias CheckRecord = Recorded<CheckResult>

package struct CheckResult: Sendable, Encodable {
  /// What SIRT, 50 iterations, of a volume as deep as it is wide would take.
  package struct Cost: Sendable, Encodable {
    /// The whole in memory, in bytes.
    package let memoryBytes: Int
    /// Voxels times tilts times passes, which the speed of a machine turns into time.
    package let updates: Double
    @Nullable package internal(set) var seconds: Double?
  }

  package let verdict: Finding.Verdict
  package let findings: [Finding]
  package let tilts: [Double]
  package let tiltAxis: TiltAxis
  @Nullable package private(set) var pixelSize: Double?
  @Nullable package private(set) var axisScores: AxisScores?
  package let contrast: SeriesCheck.Contrast
  package let vacuum: VacuumSurvey.Place
  @Nullable package private(set) var noise: NoiseFit?
  package let offsets: [SeriesCheck.Offset]
  package let pages: [PageFacts]
  package var cost: Cost

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
  package mutating func setSpeed(secondsPerUpdate: Double) {
    cost.seconds = cost.updates * secondsPerUpdate
  }
}
