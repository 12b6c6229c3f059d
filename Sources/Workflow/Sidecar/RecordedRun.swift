public import Fields
import Files
import Foundation
public import Inversion
import Reconstruction
public import Records

/// What the sidecar of a volume tells about the run that made it.
public struct RecordedRun: Sendable {
  public let sidecar: String
  /// The arguments of the run.
  public let command: [String]
  /// The tilt series, with its path as it holds from here.
  public let series: Sidecar.File
  /// Degrees, as they were used.
  public let tilts: [Double]
  public let tiltAxis: TiltAxis
  public let axisOffset: Double
  public let zOffset: Double
  public let iterations: Int?
  public let lambda: Double?
  /// The noise that the series was given, where it was simulated.
  public let noise: Noise?
  /// With which a fit weighed the tilts.
  public let tiltWeights: [Double]?

  public enum Noise: Sendable, Hashable {
    /// The standard deviation, the same everywhere.
    case gaussian(sigma: Double)
    /// That of counts, in the units of the series.
    case counting(CountingNoise)

    /// As `Simulation` records it.
    init?(_ facts: [String: Setting]) {
      let share = facts["varianceShare"]?.value ?? 1
      switch facts["kind"] {
      case .text("gaussian"):
        guard let sigma = facts["sigma"]?.value else { return nil }
        self = .gaussian(sigma: sigma * share.squareRoot())
      case .text("poisson"):
        // A count is 1 / countsPerUnit where counts were divided by that.
        let isCounts = facts["countsAs"] == .text("counts")
        guard let unit = isCounts ? 1 : facts["countsPerUnit"]?.value, unit > 0 else { return nil }
        let read = (facts["readNoise"]?.value ?? 0) / unit
        self = .counting(CountingNoise(offset: share * read * read, gain: share / unit))
      default: return nil
      }
    }
  }

  private struct Recorded: Decodable {
    struct Place: Decodable {
      let tilts: [Double]
      let tiltAxis: TiltAxis
      let axisOffset: Double
      let zOffset: Double
    }
    let directory: String
    let command: [String]
    let inputs: [Sidecar.File]
    let output: Sidecar.File
    let geometry: Place
    let iterations: Int?
    let lambda: Double?
    let noise: [String: Setting]?
    let settings: [String: Setting]?
  }

  /// - Returns: `nil` for a volume without a sidecar.
  /// - Throws: ``WorkflowError`` where the sidecar tells of something else, or of other bytes.
  public init?(of volume: String) throws {
    let path = sidecarPath(of: volume)
    guard FileStamp(path: path) != nil else { return nil }
    let (bytes, _) = try InputFile.contents(of: path)
    guard let recorded = try? JSONDecoder().decode(Recorded.self, from: Data(bytes)),
      recorded.command.first == "reconstruct", let series = recorded.inputs.first
    else {
      throw WorkflowError.notARun(path: path)
    }
    guard try Fingerprint(path: volume).sha256 == recorded.output.sha256 else {
      throw WorkflowError.volumeChanged(volume: volume, sidecar: path)
    }
    let folder = URL(fileURLWithPath: recorded.directory, isDirectory: true)
    (sidecar, command) = (path, recorded.command)
    self.series = Sidecar.File(
      path: URL(fileURLWithPath: series.path, relativeTo: folder).path, sha256: series.sha256,
      shape: series.shape, voxelSize: series.voxelSize)
    (tilts, tiltAxis) = (recorded.geometry.tilts, recorded.geometry.tiltAxis)
    (axisOffset, zOffset) = (recorded.geometry.axisOffset, recorded.geometry.zOffset)
    (iterations, lambda) = (recorded.iterations, recorded.lambda)
    noise = recorded.noise.flatMap(Noise.init)
    tiltWeights = recorded.settings?["tiltWeights"]?.numbers
  }

  /// The series at `path`, or where it was, once its bytes are seen to be those of the run.
  public func checkedSeries(_ path: String?) throws -> String {
    let path = path ?? series.path
    guard try Fingerprint(path: path).sha256 == series.sha256 else {
      throw WorkflowError.inputChanged(path: path)
    }
    return path
  }
}
