import Phantoms
import Reconstruction
public import Fields
public import SpectralTomography
public import StackIO

/// From a scene of materials to a spectrum-image tilt series of Poisson counts.
public struct SpectralSimulation: Sendable {
  public let scene: SpectralScene
  public let path: String
  public let tilts: TiltAngles
  public let out: String
  /// The mean over the object's projection and over the channels, a pixel.
  public var counts = 1.0
  /// `b`, in every pixel and channel.
  public var background = 0.0
  public var seed: UInt64 = 1
  /// Whether the true volumes are written, too, to `OUT-truth`.
  public var writesTruth = false
  public var workers = Workers.all
  /// Bytes.
  public var memoryLimit = MemoryPlan.standardLimit
  public var command: [String] = []

  public init(_ scene: SpectralScene, recipe path: String, tilts: TiltAngles, to out: String) {
    (self.scene, self.path, self.tilts, self.out) = (scene, path, tilts, out)
  }

  public func run(_ follower: Follower) throws -> SpectraRecord {
    try checkMemory()
    let folder = try ResultFolder(out)
    let truthFolder = try writesTruth ? ResultFolder(folder.path + "-truth") : nil
    let rendered = RenderedScene(
      scene, degrees: tilts.degrees, counts: counts, background: background, workers: workers)
    follower.beforeFiles()
    try folder.create()
    var record = try self.record(.channels)
    (record.tilts, record.isCounts, record.background) = (tilts.degrees, true, [background])
    for channel in scene.energies.indices {
      let name = SpectralChannel(energy: scene.energies[channel]).name
      try folder.writeSeries(
        rendered.counts(channel, seed: seed), name: name, axis: .y, into: &record, follower)
      record.channels[channel].energy = scene.energies[channel]
    }
    record.settings["countsPerUnit"] = .number(rendered.scale)
    try folder.write(record, to: "spectra.json")
    if let truthFolder { try writeTruth(rendered, truthFolder, follower) }
    try folder.finish()
    return record
  }

  private func record(_ layout: SpectralManifest.Layout) throws -> SpectraRecord {
    var record = SpectraRecord(layout, method: "spectral simulation")
    (record.command, record.seed) = (command, seed)
    record.inputs = [try Sidecar.File(path: path, shape: nil, voxelSize: nil)]
    record.pixelSize = scene.materials[0].phantom.voxelSize
    record.settings = ["counts": .number(counts), "background": .number(background)]
    return record
  }

  private func writeTruth(
    _ rendered: RenderedScene, _ folder: ResultFolder, _ follower: Follower
  ) throws {
    try folder.create()
    var record = try self.record(.volumes)
    for channel in scene.energies.indices {
      let name = SpectralChannel(energy: scene.energies[channel]).name
      let place = folder.place(name + ".tif")
      let volume = rendered.truth(channel)
      var target = StackTarget(path: place.now)
      (target.pixelSize, target.pageSpacing) = (volume.voxelSize, volume.voxelSize)
      _ = try target.write(MemoryStore(volume.voxels, volume.shape.slabs), follower)
      var entry = SpectraRecord.Channel(
        name: name, file: name + ".tif", sha256: try SHA256.hash(fileAt: place.now))
      entry.energy = scene.energies[channel]
      record.channels.append(entry)
    }
    try folder.write(record, to: "spectra.json")
    try folder.finish()
  }
}
