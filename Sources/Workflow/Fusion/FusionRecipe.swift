public import Fields
import Files
import Foundation
import Projection
import Reconstruction
import Records
public import SensorFusion
public import StackIO
import Transforms

/// From HAADF and element maps, images or tilt series, to concentrations with their sidecars.
///
/// `OUT.tif` becomes `OUT.Au.tif` and so on, one for each element, and `OUT.residual.tif`: what HAADF
/// holds beyond the result.
public struct FusionRecipe: Sendable {
  /// One map as the user gave it.
  public struct Map: Sendable {
    public let element: ChemicalElement
    public let path: String
    /// Of a chemical tilt series; as HAADF has them where it is `nil`.
    public let tilts: TiltAngles?
    public var scale: Double?

    public init(_ element: ChemicalElement, path: String, tilts: TiltAngles?) {
      (self.element, self.path, self.tilts) = (element, path, tilts)
    }
  }

  public let haadf: String
  public let maps: [Map]
  public let target: StackTarget
  /// `nil` for an image.
  public var tilts: TiltAngles?
  public var fusion = SensorFusion()
  public var mapNoise = MapNoise.poisson(background: 0)
  public var haadfSigma: Double?
  /// Standard deviations in HAADF pixels; 0 is sharp.
  public var blur = 0.0
  public var mapBlur = 0.0
  /// Voxels along the beam; the width of the detector by default.
  public var depth: Int?
  public var axisOffset = 0.0
  public var axis = TiltAxis.y
  /// Rows and columns of HAADF where nothing is.
  public var vacuum: (rows: Range<Int>, columns: Range<Int>)?
  public var memoryLimit = MemoryPlan.standardLimit
  public var workers = Workers.all
  public var command: [String] = []

  public init(_ haadf: String, _ maps: [Map], to target: StackTarget) {
    (self.haadf, self.maps, self.target) = (haadf, maps, target)
  }

  var inputs: [String] { [haadf] + maps.map(\.path) }
  /// What is added to the names of the results.
  private var parts: [String] { maps.map(\.element.symbol) + ["residual"] }
  private func place(_ part: String) -> StackTarget {
    var target = StackTarget(path: Self.path(target.path, part))
    target.overwrites = self.target.overwrites
    return target
  }
  private var angleFiles: [String] {
    ([tilts] + maps.map(\.tilts)).compactMap { $0?.source.path }
  }

  /// Where one of the results goes.
  public static func path(_ out: String, _ part: String) -> String {
    let url = URL(fileURLWithPath: out)
    let name = url.deletingPathExtension().lastPathComponent + ".\(part)." + url.pathExtension
    return Records.path(name, in: folder(of: out))
  }

  public func run(_ follower: Follower) throws -> Outcome {
    let doors = try parts.map { try place($0).files(against: inputs + angleFiles) }
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let signal = try read(haadf, tilts, follower)
    let series = try maps.map { try read($0.path, $0.tilts ?? tilts, follower) }
    let (data, trial, shape) = try detectors(signal, series)
    let computed = clock.now
    let stages = follower
    let result = try fusion.fuse(
      data, trial: trial,
      onStage: { stage in
        stages.onProgress(
          Follower.Progress(
            stage: .reconstructing, fraction: stage.fraction, unit: "stages", count: 20,
            note: stage.words))
      }, isCancelled: follower.isCancelled)
    let writing = clock.now
    let seconds = Sidecar.Seconds(
      read: (computed - began) / .seconds(1), compute: (writing - computed) / .seconds(1), write: 0)
    return try write(
      result, data, shape, signal, series, doors, seconds, follower)
  }

  /// A measurement as it was read.
  struct Reading {
    let series: TiltSeries
    let file: RecordedFile
    /// Pixels of its own from the centre; 0 of an image.
    var axisOffset = 0.0
    var warnings: [String] = []
    var companions: [Fingerprint] = []
  }

  private func read(
    _ path: String, _ angles: TiltAngles?, _ follower: Follower
  ) throws -> Reading {
    guard tilts != nil else { return try readImage(path) }
    guard let angles else { throw WorkflowError.noTilts(path: path) }
    var options = SeriesSource.Options()
    (options.tilts, options.axis) = (angles, axis)
    if path == haadf { options.axisOffset = axisOffset }
    let source = try SeriesSource(path: path, options)
    let store = MemoryStore(FloatStorage(zeros: source.shape.slabs.count), source.shape.slabs)
    let file = try source.load(into: store) {
      try follower.advance(.reading, $0 + 1, of: source.shape.tiltCount)
    }
    return Reading(
      series: TiltSeries(
        store.field, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize),
      file: file, axisOffset: source.axisOffset, warnings: source.warnings,
      companions: source.companions)
  }

  private func readImage(_ path: String) throws -> Reading {
    let (info, stamp) = try headers(of: path)
    guard info.shape.pageCount == 1 else { throw WorkflowError.noTilts(path: path) }
    let shape = TiltSeriesShape(
      tiltCount: 1, binCount: info.shape.columnCount, sliceCount: info.shape.rowCount)
    let store = MemoryStore(FloatStorage(zeros: shape.slabs.count), shape.slabs)
    let used = try loadPages(of: path, stamp, axis: .y, policy: .refuse, into: store) { _ in }
    return Reading(
      series: TiltSeries(store.field, shape: shape, tilts: [0], pixelSize: info.pixelSize),
      file: RecordedFile(used, info, voxelSize: info.pixelSize))
  }

  /// What was said of the measurements; a map whose axis lies elsewhere than that of HAADF is named.
  func warnings(_ haadf: Reading, _ maps: [Reading]) -> [String] {
    var warnings = haadf.warnings
    for (map, reading) in zip(self.maps, maps) {
      warnings += reading.warnings.map { "\(map.element.symbol): \($0)" }
      let factor = Double(haadf.series.shape.binCount) / Double(reading.series.shape.binCount)
      if reading.axisOffset != 0, abs(reading.axisOffset * factor - haadf.axisOffset) > 0.1 * factor
      {
        warnings.append(
          """
          The tilt axis of the map of \(map.element.symbol) lies \(reading.axisOffset) of its pixels off the centre by \
          its sidecar, and \(haadf.axisOffset / factor) are used, as HAADF has it. Crop both alike.
          """)
      }
    }
    return warnings
  }

  private func detectors(
    _ haadf: Reading, _ series: [Reading]
  ) throws -> (FusionData, trial: FusionData?, SlabShape) {
    guard tilts == nil else {
      var detectors = SeriesDetectors(
        haadf.series,
        zip(maps, series).map { map, read in
          var view = SeriesDetectors.Map(map.element, read.series)
          (view.noise, view.scale) = (mapNoise, map.scale)
          return view
        }, depth: depth ?? haadf.series.shape.binCount)
      (detectors.haadfSigma, detectors.axisOffset) = (haadfSigma, axisOffset)
      detectors.workers = workers
      return (try detectors.data(), nil, detectors.volume.slabs)
    }
    var detectors = ImageDetectors(
      image(haadf.series),
      zip(maps, series).map { map, read in
        var view = ImageDetectors.Map(map.element, image(read.series))
        (view.noise, view.scale) = (mapNoise, map.scale)
        return view
      })
    (detectors.haadfSigma, detectors.workers) = (haadfSigma, workers)
    if blur > 0 { detectors.spread = try PointSpread(gaussian: [0, blur, blur]) }
    if mapBlur > 0 { detectors.mapSpread = try PointSpread(gaussian: [0, mapBlur, mapBlur]) }
    return (try detectors.data(), try detectors.trial()?.data(), haadf.series.shape.slabs)
  }

  private func image(_ series: TiltSeries) -> FusionImage {
    FusionImage(series.projections.span, series.shape.slabs)
  }
}

extension SensorFusion.Stage {
  fileprivate var words: String {
    switch self {
    case .denoising(let element): "map of \(element) alone"
    case .searching(let trial): "trial \(trial) of λ₂"
    case .fusing: "fusing"
    }
  }

  fileprivate var fraction: Double {
    switch self {
    case .denoising: 0.1
    case .searching(let trial): min(0.3 + 0.06 * Double(trial), 0.8)
    case .fusing: 0.85
    }
  }
}
