package import SeriesIO
package import Files
package import Phantoms
package import Reconstruction
package import Fields
import Records
package import StackIO

/// From a scene of materials to a spectrum-image tilt series of Poisson counts.
package struct SpectralSimulation: Sendable {
  package let scene: SpectralScene
  /// The file of the scene.
  package let recipe: Fingerprint
  package let tilts: TiltAngles
  package let out: String
  /// The mean over the object's projection and over the channels, a pixel.
  package var counts = 1.0
  /// `b`, in every pixel and channel.
  package var background = 0.0
  /// What the instrument makes of line integrals, the same in all channels; `nil` for nothing.
  package var optics: OpticsSource?
  /// Its file.
  package var opticsFile: Fingerprint?
  package var seed: UInt64 = 1
  /// Whether the true volumes are written, too, to `OUT-truth`.
  package var writesTruth = false
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(
    _ scene: SpectralScene, recipe: Fingerprint, tilts: TiltAngles, to out: String
  ) {
    (self.scene, self.recipe, self.tilts, self.out) = (scene, recipe, tilts, out)
  }

  package func run(_ follower: Follower) throws -> SpectraRecord {
    let path = try ResultFolder.check(out)
    if writesTruth { _ = try ResultFolder.check(path + "-truth") }
    try checkMemory()
    let blur = try optics?.response(
      of: TiltSeriesShape(
        tiltCount: tilts.degrees.count, binCount: scene.volume.width,
        sliceCount: scene.volume.sliceCount), axis: .y,
      pixelSize: scene.materials[0].phantom.voxelSize, workers: workers)
    let rendered = RenderedScene(
      scene, degrees: tilts.degrees, counts: counts, background: background, through: blur?.0,
      workers: workers)
    let folder = try ResultFolder(path, follower)
    var record = try self.record(.channels)
    record.warnings += blur?.notes ?? []
    (record.tilts, record.isCounts, record.background) = (tilts.degrees, true, [background])
    for channel in scene.energies.indices {
      let name = SpectralChannel(energy: scene.energies[channel]).name
      try folder.writeSeries(
        rendered.counts(channel, seed: seed), name: name, axis: .y, into: &record, follower)
      record.channels[channel].energy = scene.energies[channel]
    }
    record.settings["countsPerUnit"] = .number(rendered.scale)
    if writesTruth { try writeTruth(rendered, path + "-truth", follower) }
    return try folder.finish(record)
  }

  private func record(_ layout: SpectralManifest.Layout) throws -> SpectraRecord {
    var record = SpectraRecord(layout, method: "spectral simulation")
    (record.command, record.seed) = (command, seed)
    record.inputs = RecordedFile.each([recipe, tilts.fingerprint, opticsFile])
    record.pixelSize = scene.materials[0].phantom.voxelSize
    record.settings = ["counts": .number(counts), "background": .number(background)]
    record.settings.merge(
      try optics?.settings(pixelSize: record.pixelSize) ?? [:]
    ) { $1 }
    return record
  }

  private func writeTruth(
    _ rendered: RenderedScene, _ path: String, _ follower: Follower
  ) throws {
    let folder = try ResultFolder(path, follower)
    var record = try self.record(.volumes)
    for channel in scene.energies.indices {
      let name = SpectralChannel(energy: scene.energies[channel]).name
      let volume = rendered.truth(channel)
      var target = StackTarget(path: folder.place(name + ".tif"))
      (target.pixelSize, target.pageSpacing) = (volume.voxelSize, volume.voxelSize)
      let (_, file) = try target.write(MemoryStore(volume.voxels, volume.shape.slabs), follower)
      var entry = SpectraResult.Channel(
        name: name, file: name + ".tif", sha256: try folder.add(file))
      entry.energy = scene.energies[channel]
      record.channels.append(entry)
    }
    _ = try folder.finish(record)
  }
}
