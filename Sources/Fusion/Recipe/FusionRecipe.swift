package import SeriesIO
package import Fields
import Files
import Foundation
import Imaging
import Projection
package import Reconstruction
import Records
import StackIO

/// From HAADF and element maps, images or tilt series, to concentrations with their sidecars.
///
/// `OUT.tif` becomes `OUT.Au.tif` and so on, one for each element, and `OUT.residual.tif`: what HAADF
/// holds beyond the result.
package struct FusionRecipe: Sendable {
  /// An image by its path, or a tilt series.
  package enum Measurement: Sendable {
    case image(String)
    case series(SeriesSource)

    var path: String {
      switch self {
      case .image(let path): path
      case .series(let source): source.path
      }
    }

    var series: SeriesSource? {
      if case .series(let source) = self { source } else { nil }
    }
  }

  /// One map as the user gave it: an image where HAADF is one, a series where HAADF is one.
  package struct Map: Sendable {
    package let element: ChemicalElement
    package let measurement: Measurement
    package var scale: Double?
    /// Against HAADF, where it is known; images only.
    package var shift: MapShift?

    package init(_ element: ChemicalElement, _ measurement: Measurement) {
      (self.element, self.measurement) = (element, measurement)
    }
  }

  package let haadf: Measurement
  package let maps: [Map]
  package let target: StackTarget
  package var fusion = SensorFusion()
  package var mapNoise = MapNoise.poisson(background: 0)
  package var haadfSigma: Double?
  /// Standard deviations in HAADF pixels; 0 is sharp.
  package var blur = 0.0
  package var mapBlur = 0.0
  /// Voxels along the beam; the width of the detector by default.
  package var depth: Int?
  /// Whether the counts of each chemical tilt may differ by a factor; tilt series only.
  package var yields = TiltYields.Choice.automatic
  /// Rows and columns of HAADF where nothing is.
  package var vacuum: ImageRegion?
  package var memoryLimit = MemoryPlan.standardLimit
  package var workers = Workers.all
  package var command: [String] = []

  package init(_ haadf: Measurement, _ maps: [Map], to target: StackTarget) {
    (self.haadf, self.maps, self.target) = (haadf, maps, target)
  }

  /// HAADF as a tilt series; `nil` for images.
  package var series: SeriesSource? { haadf.series }
  private var measurements: [Measurement] { [haadf] + maps.map(\.measurement) }
  var inputs: [String] { measurements.map(\.path) }
  /// What is added to the names of the results.
  private var parts: [String] { maps.map(\.element.symbol) + ["residual"] }
  private func place(_ part: String) -> StackTarget {
    var target = StackTarget(path: Self.path(target.path, part))
    target.overwrites = self.target.overwrites
    return target
  }
  private var angleFiles: [String] {
    measurements.compactMap(\.series).flatMap(\.companions).map(\.path)
  }

  /// Where one of the results goes.
  package static func path(_ out: String, _ part: String) -> String {
    let url = URL(fileURLWithPath: out)
    let name = url.deletingPathExtension().lastPathComponent + ".\(part)." + url.pathExtension
    return Records.path(name, in: folder(of: out))
  }

  package func run(_ follower: Follower) throws -> Outcome {
    let doors = try parts.map { try place($0).files(against: inputs + angleFiles) }
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let signal = try read(haadf, follower)
    let series = try maps.map { try read($0.measurement, follower) }
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
    let seconds = Sidecar.Seconds(began, computed, writing, writing)
    return try write(
      result, data, shape, signal, series, doors, seconds, follower)
  }

  /// A measurement as it was read.
  struct Reading {
    let series: TiltSeries
    let file: RecordedFile
  }

  private func read(_ measurement: Measurement, _ follower: Follower) throws -> Reading {
    guard let source = measurement.series else { return try readImage(measurement.path) }
    let store = MemoryStore(FloatStorage(zeros: source.shape.slabs.count), source.shape.slabs)
    let file = try source.load(into: store) {
      try follower.advance(.reading, $0 + 1, of: source.shape.tiltCount)
    }
    return Reading(
      series: TiltSeries(
        store.field, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize),
      file: file)
  }

  private func readImage(_ path: String) throws -> Reading {
    let (info, stamp) = try headers(of: path)
    guard info.shape.pageCount == 1 else { throw SeriesError.noTilts(path: path) }
    let shape = TiltSeriesShape(
      tiltCount: 1, binCount: info.shape.columnCount, sliceCount: info.shape.rowCount)
    let store = MemoryStore(FloatStorage(zeros: shape.slabs.count), shape.slabs)
    let used = try loadPages(of: path, stamp, axis: .y, policy: .refuse, into: store) { _ in }
    return Reading(
      series: TiltSeries(store.field, shape: shape, tilts: [0], pixelSize: info.pixelSize),
      file: RecordedFile(used, info, voxelSize: info.pixelSize))
  }

  /// What was said of the series; a map whose axis lies elsewhere than that of HAADF is named.
  var seriesWarnings: [String] {
    guard let haadf = series else { return [] }
    var warnings = haadf.warnings
    for map in maps {
      guard let source = map.measurement.series else { continue }
      warnings += source.warnings.map { "\(map.element.symbol): \($0)" }
      let factor = Double(haadf.shape.binCount) / Double(source.shape.binCount)
      if source.record != nil, abs(source.axisOffset * factor - haadf.axisOffset) > 0.1 * factor {
        warnings.append(
          """
          The tilt axis of the map of \(map.element.symbol) is \(source.axisOffset) of its pixels from the centre \
          by its sidecar, and the \(haadf.axisOffset / factor) of HAADF is used. Crop both alike.
          """)
      }
    }
    return warnings
  }

  private func detectors(
    _ haadf: Reading, _ series: [Reading]
  ) throws -> (FusionData, trial: FusionData?, SlabShape) {
    if let source = self.series {
      var detectors = SeriesDetectors(
        haadf.series,
        zip(maps, series).map { map, read in
          var view = SeriesDetectors.Map(map.element, read.series)
          (view.noise, view.scale) = (mapNoise, map.scale)
          return view
        }, depth: depth ?? haadf.series.shape.binCount)
      (detectors.haadfSigma, detectors.axisOffset) = (haadfSigma, source.axisOffset)
      (detectors.workers, detectors.yields) = (workers, yields)
      (detectors.spread, detectors.mapSpread) = (
        try Self.gaussian(blur), try Self.gaussian(mapBlur)
      )
      return (try detectors.data(), nil, detectors.volume.slabs)
    }
    var detectors = ImageDetectors(
      image(haadf.series),
      zip(maps, series).map { map, read in
        var view = ImageDetectors.Map(map.element, image(read.series))
        (view.noise, view.scale, view.shift) = (mapNoise, map.scale, map.shift)
        return view
      })
    (detectors.haadfSigma, detectors.workers) = (haadfSigma, workers)
    (detectors.spread, detectors.mapSpread) = (try Self.gaussian(blur), try Self.gaussian(mapBlur))
    detectors = try detectors.inCounts().registered()
    return (try detectors.data(), try detectors.trial()?.data(), haadf.series.shape.slabs)
  }

  private static func gaussian(_ sigma: Double) throws(BlurError) -> PointSpread? {
    sigma > 0 ? try PointSpread(gaussian: [0, sigma, sigma]) : nil
  }

  private func image(_ series: TiltSeries) -> Image {
    Image(series.projections.span, series.shape.slabs)
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
