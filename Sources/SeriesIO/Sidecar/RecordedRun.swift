package import Fields
import Files
import Foundation
package import Inversion
public import Reconstruction
import Records

/// What the sidecar of a volume tells about the run that made it: enough to repeat it.
public struct RecordedRun: Sendable {
  package let sidecar: String
  /// The tilt series, with its path as it holds from here.
  package let series: Sidecar.File
  /// Degrees, as they were used.
  package let tilts: [Double]
  package let tiltAxis: TiltAxis
  package let axisOffset: Double
  package let zOffset: Double
  /// How it was made, with the strength of the prior that was used.
  package let recipe: MethodRecipe
  package let iterations: Int?
  package let lambda: Double?
  /// Voxels that the run had beyond either side of x.
  package let margin: Int
  /// The optics that it modelled, widths in pixels, with a path as it holds from here.
  package let optics: OpticsSource?
  /// What stood in for pixels that are no numbers.
  package let replacement: Float?
  /// What of the run is not repeated on parts of its series.
  package let omissions: [String]
  /// The noise that the series was given, where it was simulated.
  package let noise: Noise?

  package enum Noise: Sendable, Hashable {
    /// The standard deviation, the same everywhere.
    case gaussian(sigma: Double)
    /// That of counts, in the units of the series.
    case counting(CountingNoise)

    /// What `Simulation` records of it.
    struct Facts: Decodable {
      enum Kind: String, Decodable { case gaussian, poisson }
      enum Output: String, Decodable { case counts, lineIntegrals }
      let kind: Kind?
      let sigma, varianceShare, countsPerUnit, readNoise: Double?
      let countsAs: Output?
    }

    init?(_ facts: Facts) {
      let share = facts.varianceShare ?? 1
      switch facts.kind {
      case .gaussian:
        guard let sigma = facts.sigma else { return nil }
        self = .gaussian(sigma: sigma * share.squareRoot())
      case .poisson:
        // A count is 1 / countsPerUnit where counts were divided by that.
        guard let unit = facts.countsAs == .counts ? 1 : facts.countsPerUnit, unit > 0 else {
          return nil
        }
        let read = (facts.readNoise ?? 0) / unit
        self = .counting(CountingNoise(offset: share * read * read, gain: share / unit))
      case nil: return nil
      }
    }
  }

  private struct Told: Decodable {
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
    let method: String
    let settings: [String: Setting]
    let iterations: Int?
    let lambda: Double?
    let contents: Sidecar.Contents?
    let start: String?
    let replacement: Float?

    /// What stands among the settings of the method without being one of them.
    struct Extras: Decodable {
      let supportVoxels: Int?
      let extend: Int?
      let coarseIterations: Int?
    }
  }

  /// Reads the sidecar of a volume. Cost: the volume is read once, for its SHA-256.
  ///
  /// - Returns: `nil` for a volume without a sidecar.
  /// - Throws: ``SeriesError`` where the sidecar tells of something else, or of other bytes.
  public init?(of volume: String) throws {
    let path = sidecarPath(of: volume)
    guard FileStamp(path: path) != nil else { return nil }
    let data = Data(try InputFile.contents(of: path).bytes)
    try ResultFiles.checkSchema(of: data, at: path)
    guard let recorded = try? JSONDecoder().decode(Told.self, from: data),
      // A run of the library has no command.
      recorded.command.isEmpty || recorded.command.first == "reconstruct",
      recorded.contents == nil, let series = recorded.inputs.first
    else {
      throw SeriesError.notARun(path: path)
    }
    struct Beside: Decodable { let settings: Told.Extras }
    struct Blurred: Decodable { let settings: OpticsSource.Told }
    let extras = try? JSONDecoder().decode(Beside.self, from: data).settings
    struct Noisy: Decodable { let noise: Noise.Facts }
    noise = (try? JSONDecoder().decode(Noisy.self, from: data)).flatMap { Noise($0.noise) }
    guard try Fingerprint(path: volume).sha256 == recorded.output.sha256 else {
      throw SeriesError.volumeChanged(volume: volume, sidecar: path)
    }
    let folder = URL(fileURLWithPath: recorded.directory, isDirectory: true)
    let blurred = try? JSONDecoder().decode(Blurred.self, from: data).settings
    optics = blurred?.source { URL(fileURLWithPath: $0, relativeTo: folder).path }
    if let file = optics?.path {
      let known = recorded.inputs.first {
        URL(fileURLWithPath: $0.path, relativeTo: folder).path == file
      }
      guard try Fingerprint(path: file).sha256 == known?.sha256 else {
        throw SeriesError.inputChanged(path: file)
      }
    }
    sidecar = path
    recipe = MethodRecipe(name: recorded.method, parameters: recorded.settings)
    (margin, replacement) = (extras?.extend ?? 0, recorded.replacement)
    omissions = Self.omissions(
      start: recorded.start != nil, mask: extras?.supportVoxels != nil,
      coarse: extras?.coarseIterations != nil)
    self.series = Sidecar.File(
      path: URL(fileURLWithPath: series.path, relativeTo: folder).path, sha256: series.sha256,
      shape: series.shape, voxelSize: series.voxelSize)
    (tilts, tiltAxis) = (recorded.geometry.tilts, recorded.geometry.tiltAxis)
    (axisOffset, zOffset) = (recorded.geometry.axisOffset, recorded.geometry.zOffset)
    (iterations, lambda) = (recorded.iterations, recorded.lambda)
  }

  /// What runs on parts of a series do without, in words.
  package static func omissions(start: Bool, mask: Bool, coarse: Bool = false) -> [String] {
    [
      start ? "The runs start from zero: --init is not used, since halves must not share it." : nil,
      mask ? "The runs have no mask: --mask is not used, since halves must not share it." : nil,
      coarse ? "The runs start from zero: --multiresolution is not used." : nil,
    ].compactMap(\.self)
  }

  /// The method, with nothing left to choose: iterations and strength are those of the run.
  ///
  /// - Parameter methods: those that may have made it, by name.
  /// - Throws: ``SeriesError/notARun(path:)`` where the sidecar holds something else.
  public func method(among methods: MethodRegistry) throws -> any ReconstructionMethod {
    if let iterations, !(1...MethodRecipe.mostIterations ~= iterations) {
      throw SeriesError.notARun(path: sidecar)
    }
    return try recipe.method(among: methods).repeatable(iterations: iterations, lambda: lambda)
  }

  /// The series at `path`, or where it was, once its bytes are seen to be those of the run.
  package func checkedSeries(_ path: String?) throws -> String {
    let path = path ?? series.path
    guard try Fingerprint(path: path).sha256 == series.sha256 else {
      throw SeriesError.inputChanged(path: path)
    }
    return path
  }
}
