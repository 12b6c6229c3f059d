public import SeriesIO
package import Fields
import Foundation
import Projection
public import Reconstruction
public import Records
import StackIO

/// From a volume and its series to what can be told of it: read → check → measure → write.
public struct QualityRecipe: Sendable {
  package enum Noise: Sendable {
    /// σ as the user says.
    case given(Double)
    case recorded(RecordedRun.Noise)
  }

  package let volume: String
  package let source: SeriesSource
  /// What made the volume, with nothing left to choose.
  package let method: any ReconstructionMethod
  /// Files go to `PREFIX.quality.json` and its companions.
  package let prefix: String
  /// Voxels that the run had beyond either side of x.
  package var margin = 0
  /// What of the instrument the run modelled; `nil` for nothing.
  package var optics: OpticsSource?
  package var axisOffset = 0.0
  package var zOffset = 0.0
  package var tiltOffset = 0.0
  /// What is known of the noise; `nil` estimates it.
  package var noise: Noise?
  /// The diameter of the object in the plane (x, z), in voxels; `nil` estimates it.
  public var diameter: Double?
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []
  /// What a reader should know of the settings.
  package var notes: [String] = []
  /// Whether files at `PREFIX.quality.json` and its companions that voxtilt did not write may be replaced.
  public var overwrites = false

  /// A measurement of a volume whose tilt axis lies in the middle of the series; others:
  /// ``init(repeating:of:series:voxelSize:to:methods:)``.
  ///
  /// - Parameters:
  ///   - volume: the path of a stack that `method` made of `source`.
  ///   - prefix: files go to `PREFIX.quality.json` and its companions; `nil` is the volume's path without its ending.
  ///   - method: with nothing left to choose (`ReconstructionMethod.repeatable(iterations:lambda:)`).
  public init(
    _ volume: String, _ source: SeriesSource, to prefix: String?,
    method: any ReconstructionMethod
  ) {
    (self.volume, self.source, self.method) = (volume, source, method)
    axisOffset = source.axisOffset
    self.prefix = prefix ?? String(sidecarPath(of: volume).dropLast(".json".count))
  }

  /// Runs the recipe, about three times the work of the reconstruction; the record is written last.
  ///
  /// - Throws: `QualityError`, `MemoryLimitError`, or what reading, writing or the method throws.
  public func run(_ follower: Follower) throws -> QualityRecord {
    let files = try QualityFiles(
      prefix, inputs: [volume, source.path], overwrites: overwrites)
    let geometry = try makeGeometry()
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let pages = source.shape.tiltCount + geometry.volume.depth
    let measured = try MemoryStore(allocating: source.shape.slabs)
    let seriesFile = try source.load(into: measured) { page in
      try follower.advance(.reading, page + 1, of: pages)
    }
    var (voxels, volumeFile) = try readVolume(volume, axis: source.axis) { page, _ in
      try follower.advance(.reading, source.shape.tiltCount + page + 1, of: pages)
    }
    voxels.voxelSize = source.pixelSize ?? voxels.voxelSize

    let series = TiltSeries(
      measured.field, shape: source.shape, tilts: source.tilts.map { $0 + tiltOffset },
      pixelSize: source.pixelSize)
    var study = try QualityStudy(of: voxels, from: series, geometry, method: method)
    study.noise = noise.map { level($0, series) }
    (study.diameter, study.workers) = (diameter, workers)
    let (result, map) = try study.run { follower.monitor($0, sliceCount: source.shape.sliceCount) }
    guard !follower.isCancelled() else { throw ReconstructionError.interrupted }

    let record = QualityRecord(
      VolumeQuality(quality: result), command: command, inputs: [volumeFile, seriesFile],
      seconds: (clock.now - began) / .seconds(1),
      warnings: notes + source.warnings + (margin > 0 ? [Self.croppedNote] : []),
      keys: [.voxtilt, .processor, .directory, .command, .inputs, .seconds, .notes])
    follower.begin(files.door)
    return try files.write(record, map)
  }

  private func level(_ noise: Noise, _ series: TiltSeries) -> NoiseLevel {
    let count = series.shape.tiltCount
    return switch noise {
    case .given(let sigma): NoiseLevel(sigma, source: .given, tiltCount: count)
    case .recorded(.gaussian(let sigma)): NoiseLevel(sigma, source: .sidecar, tiltCount: count)
    case .recorded(.counting(let noise)):
      NoiseLevel(noise, source: .sidecar, in: series, workers: workers)
    }
  }

  private static let croppedNote = """
    The volume was cropped after its run (--extend), so its residual includes the cropped part.
    """

  func makeGeometry() throws -> TiltGeometry {
    let found = try StackReader(path: volume).info.shape
    let slices = source.axis == .y ? found.rowCount : found.columnCount
    guard slices == source.shape.sliceCount else {
      throw QualityError.slices(volume: slices, series: source.shape.sliceCount)
    }
    let geometry = try TiltGeometry(
      volume: VolumeShape(
        width: (source.axis == .y ? found.columnCount : found.rowCount) + 2 * margin,
        depth: found.pageCount, sliceCount: slices),
      series: source.shape, degrees: source.tilts, axisOffset: axisOffset, zOffset: zOffset,
      tiltOffset: tiltOffset)
    return geometry.seen(
      through: try optics?.optics(
        of: geometry, axis: source.axis, pixelSize: source.pixelSize, workers: workers
      ).0)
  }
}

extension Follower {
  /// Passes the progress of the three runs on as one.
  fileprivate func monitor(_ stage: QualityStudy.Stage, sliceCount: Int) -> Monitor {
    let stages = QualityStudy.Stage.allCases
    let all = stages.reduce(0) { $0 + $1.share }
    let behind = stages.prefix { $0 != stage }.reduce(0) { $0 + $1.share }
    return Monitor(
      onProgress: { progress in
        let limit = progress.iterationLimit
        let fraction = min(1, (behind + stage.share * progress.fraction) / all)
        let iteration = limit > 1 ? ", iteration \(progress.iteration) of \(limit)" : ""
        onProgress(
          Progress(
            stage: .reconstructing, fraction: fraction, unit: limit > 1 ? "iterations" : "slices",
            count: Int(Double(limit > 1 ? limit : sliceCount) * all), note: stage.words + iteration)
        )
      }, isCancelled: isCancelled)
  }
}

extension QualityStudy.Stage {
  /// For people.
  fileprivate var words: String {
    switch self {
    case .leavingOut: "without every fifth tilt"
    case .leavingOutermost: "without the lowest tilts"
    case .even: "even tilts"
    case .odd: "odd tilts"
    }
  }
}
