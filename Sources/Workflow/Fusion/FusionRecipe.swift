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
      result, data, shape, signal, [signal.file] + series.map(\.file), doors, seconds, follower)
  }

  private func read(
    _ path: String, _ angles: TiltAngles?, _ follower: Follower
  ) throws -> (series: TiltSeries, info: StackInfo, file: RecordedFile) {
    let (info, stamp) = try headers(of: path)
    let pages = info.shape.pageCount
    let isTurned = tilts != nil && axis == .x
    let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
    let shape = TiltSeriesShape(
      tiltCount: pages, binCount: isTurned ? rows : columns, sliceCount: isTurned ? columns : rows)
    if tilts == nil {
      guard pages == 1 else { throw WorkflowError.noTilts(path: path) }
    } else {
      guard let angles else { throw WorkflowError.noTilts(path: path) }
      try angles.checked(pages: pages)
    }
    let store = MemoryStore(FloatStorage(zeros: shape.slabs.count), shape.slabs)
    let used = try loadPages(
      of: path, stamp, axis: isTurned ? .x : .y, policy: .refuse, into: store
    ) {
      try follower.advance(.reading, $0 + 1, of: pages)
    }
    return (
      TiltSeries(
        store.field, shape: shape, tilts: tilts == nil ? [0] : angles?.degrees ?? [],
        pixelSize: info.pixelSize), info,
      RecordedFile(used, info.shape, voxelSize: info.pixelSize)
    )
  }

  private func detectors(
    _ haadf: (series: TiltSeries, info: StackInfo, file: RecordedFile),
    _ series: [(series: TiltSeries, info: StackInfo, file: RecordedFile)]
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
