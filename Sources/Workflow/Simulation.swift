package import SeriesIO
package import Fields
package import Files
import Imaging
package import Phantoms
import Preparation
package import Projection
package import Reconstruction
import Records
package import StackIO

/// From phantom or volume to a tilt series with noise, with its sidecar.
package struct Simulation: Sendable {
  /// What is projected.
  package enum Object: Sendable {
    /// Solids, through their exact line integrals.
    case phantom(Phantom, recipe: Fingerprint)
    /// A volume file, through the projector.
    case volume(path: String, rays: RayModel)
  }

  package let object: Object
  package let tilts: TiltAngles
  package let target: StackTarget
  package var noise = NoiseModel.none
  package var seed: UInt64 = 1
  /// What the instrument makes of line integrals; `nil` for nothing.
  package var optics: OpticsSource?
  /// Its file.
  package var opticsFile: Fingerprint?
  /// Detector bins; the object's width by default.
  package var binCount: Int?
  package var axisOffset = 0.0
  package var zOffset = 0.0
  /// nm; overrules what the object says.
  package var voxelSize: Double?
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ object: Object, tilts: TiltAngles, to target: StackTarget) {
    (self.object, self.tilts, self.target) = (object, tilts, target)
  }

  package func run(_ follower: Follower) throws -> Sidecar {
    let files = try target.files(
      against: [inputPath] + [tilts.source.path, optics?.path].compactMap(\.self))
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    var (series, input, warnings, computed) = try project(follower, clock)
    if let voxelSize { series.pixelSize = voxelSize }
    let report = try noise.apply(to: &series, seed: seed, workers: workers)
    let writing = clock.now
    var target = target
    target.pixelSize = series.pixelSize
    follower.begin(files)
    let (receipt, stack) = try target.write(
      MemoryStore(series.projections, series.shape.slabs), follower)
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(
        receipt, sha256: try files.add(stack), voxelSize: series.pixelSize),
      geometry: Sidecar.Geometry(
        tilts.degrees, axis: target.axis.rawValue, axisOffset: axisOffset, zOffset: zOffset),
      method: methodName,
      seconds: Sidecar.Seconds(began, computed, writing))
    sidecar.contents = .tiltSeries
    sidecar.geometry?.tiltAxisAngle = target.axis == .y ? 0 : 90
    sidecar.inputs = [input] + RecordedFile.each([tilts.fingerprint, opticsFile])
    sidecar.settings = try optics?.settings(pixelSize: series.pixelSize) ?? [:]
    (sidecar.noise, sidecar.seed) = (facts(of: report), noise == .none ? nil : seed)
    if noise.output == .counts {
      sidecar.counts = noise.readNoise > 0 ? .ended(by: "readNoise") : .whole
    }
    if case .dose(let total, _, _, _) = noise {
      sidecar.dose = Sidecar.Dose(
        total: total, tiltCount: series.shape.tiltCount, unit: "electrons/nm²")
    }
    sidecar.warnings = warnings + tilts.notes.map { "\($0)" }
    return try files.finish(sidecar)
  }

  private var inputPath: String {
    switch object {
    case .phantom(_, let recipe): recipe.path
    case .volume(let path, _): path
    }
  }

  private var methodName: String {
    switch object {
    case .phantom: "analytic projection"
    case .volume(_, let rays): "projection, \(rays.rawValue)"
    }
  }

  private func project(
    _ follower: Follower, _ clock: ContinuousClock
  ) throws -> (
    TiltSeries, input: RecordedFile, warnings: [String], began: ContinuousClock.Instant
  ) {
    switch object {
    case .phantom(let phantom, let recipe):
      let began = clock.now
      let bins = binCount ?? phantom.volume.width
      // Refuses what no reconstruction could use.
      _ = try geometry(phantom.volume, bins: bins)
      var series = phantom.project(
        degrees: tilts.degrees, binCount: bins, axisOffset: axisOffset, zOffset: zOffset,
        workers: workers)
      var warnings = phantom.isCut ? [Self.cutWarning] : []
      if let (blur, notes) = try optics?.response(
        of: series.shape, axis: target.axis, pixelSize: voxelSize ?? series.pixelSize,
        workers: workers)
      {
        let sharp = series.projections
        blur.apply(sharp.span, into: series.projections.mutableSpan)
        warnings += notes
      }
      return (series, RecordedFile(recipe), warnings, began)
    case .volume(let path, let rays):
      let (volume, input) = try readVolume(path, axis: target.axis) { page, count in
        try follower.advance(.reading, page + 1, of: count)
      }
      let began = clock.now
      var geometry = try geometry(volume.shape, bins: binCount ?? volume.shape.width)
      let seen = try optics?.optics(
        of: geometry, axis: target.axis, pixelSize: voxelSize ?? volume.voxelSize,
        workers: workers)
      geometry = geometry.seen(through: seen?.0)
      var series = TiltSeries(
        zeros: geometry.series, tilts: tilts.degrees, pixelSize: volume.voxelSize)
      ParallelProjector(geometry, model: rays, workers: workers)
        .apply(volume.voxels.span, into: series.projections.mutableSpan)
      return (series, input, seen?.notes ?? [], began)
    }
  }

  private static let cutWarning =
    "An object extends beyond the faces of the volume: projections contain more than the volume."

  private func geometry(_ volume: VolumeShape, bins: Int) throws -> TiltGeometry {
    let series = TiltSeriesShape(
      tiltCount: tilts.degrees.count, binCount: bins, sliceCount: volume.sliceCount)
    return try TiltGeometry(
      volume: volume, series: series,
      degrees: tilts.degrees, axisOffset: axisOffset, zOffset: zOffset)
  }

  private func facts(of report: NoiseReport) -> [String: Setting]? {
    var facts: [String: Setting] = [:]
    switch noise {
    case .none: return nil
    case .gaussian: facts["kind"] = .text("gaussian")
    case .relativeGaussian(let fraction):
      (facts["kind"], facts["fraction"]) = (.text("gaussian"), .number(fraction))
    case .poisson(_, _, let output):
      (facts["kind"], facts["countsAs"]) = (.text("poisson"), .text(output.rawValue))
    case .dose(_, let collected, _, let output):
      (facts["kind"], facts["countsAs"]) = (.text("poisson"), .text(output.rawValue))
      facts["collectedFraction"] = .number(collected)
    }
    if noise.readNoise > 0 { facts["readNoise"] = .number(noise.readNoise) }
    facts["sigma"] = report.sigma.map(Setting.number)
    facts["brightestCounts"] = report.brightestCounts.map(Setting.number)
    facts["countsPerUnit"] = report.countsPerUnit.map(Setting.number)
    return facts
  }
}
