public import Fields
package import Files
import Foundation
package import Projection
public import Reconstruction
public import Records
package import SeriesIO
import StackIO

/// From a spectrum-image tilt series to one volume per channel or element, in a folder with `spectra.json`.
public struct SpectraReconstruction: Sendable {
  /// What becomes of each channel.
  public enum Way: Sendable {
    /// Each by itself, one per thread in memory.
    case each(ChannelMethods)
    /// All in one problem, all in memory.
    case joint(JointReconstruction)
  }

  /// When the background below an edge is removed.
  package enum Order: String, Sendable, CaseIterable {
    case subtractFirst = "subtract-first"
    case reconstructFirst = "reconstruct-first"
    /// It is expected beside the object's counts: `y ~ Poisson(Hx + B)`.
    case inModel = "in-model"
  }

  package let source: SpectralSource
  package let way: Way
  package let out: String
  /// Channels, counted from 0, that are summed up to one volume each; every channel by itself by default.
  public var groups: [Range<Int>]
  /// Elements to reconstruct in place of channels; their background is subtracted before.
  public var elements: [ElementWindows] = []
  package var scope = EdgeBackground.Scope.region
  package var order = Order.subtractFirst
  /// Whether λ is chosen for each channel by its own counts, relative to the noise.
  package var choosesLambda = false
  /// Whether all volumes also go to one hyperstack.
  package var writesHyperstack = false
  package var settings: [String: Setting] = [:]
  /// What the user should know of the geometry.
  package var notes: [String] = []
  /// What the instrument makes of line integrals; `nil` for nothing.
  package var optics: OpticsSource?
  /// Its file.
  package var opticsFile: Fingerprint?
  package var depth: Int?
  package var axis = SpectralSource.AxisPlace(0)
  package var zOffset = 0.0
  package var tiltOffset = 0.0
  /// Threads.
  public var workers = Workers.all
  /// Bytes of the process at most; three quarters of the machine's memory by default.
  public var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  /// - Parameter out: the folder that will hold the volumes.
  public init(_ source: SpectralSource, _ way: Way, to out: String) {
    (self.source, self.way, self.out) = (source, way, out)
    groups = source.channels.indices.map { $0..<$0 + 1 }
  }

  package func makeGeometry() throws -> TiltGeometry { try place().0 }

  private func place() throws -> (TiltGeometry, notes: [String]) {
    let geometry = try TiltGeometry(
      volume: VolumeShape(
        width: source.shape.binCount, depth: depth ?? source.shape.binCount,
        sliceCount: source.shape.sliceCount), series: source.shape, degrees: source.tilts,
      axisOffset: axis.offset ?? 0, zOffset: zOffset, tiltOffset: tiltOffset)
    guard let optics else { return (geometry, []) }
    let (seen, notes) = try optics.optics(
      of: geometry, axis: source.manifest.axis, pixelSize: source.pixelSize, workers: workers)
    return (geometry.seen(through: seen), notes)
  }

  /// Runs the recipe; the folder appears when all of it is done.
  ///
  /// - Returns: what `spectra.json` in the folder tells.
  /// - Throws: ``SpectralError``, `MemoryLimitError`, `GeometryError`, or what reading, writing or the method throws.
  public func run(_ follower: Follower) throws -> SpectraRecord {
    let (geometry, opticsNotes) = try place()
    try checkMemory()
    let began = ContinuousClock.now
    let folder = try ResultFolder(out, follower)
    var run = SpectraRun(self, geometry, folder, follower)
    if elements.isEmpty {
      try run.reconstructChannels()
    } else {
      try run.reconstructElements()
    }
    var record = run.record
    record.command = command
    record.settings.merge(settings) { $1 }
    record.inputs = try source.recorded(axis) + RecordedFile.each([opticsFile])
    record.settings.merge(
      try optics?.settings(pixelSize: source.pixelSize) ?? [:]
    ) { $1 }
    record.pixelSize = source.pixelSize
    record.warnings = notes + opticsNotes + record.warnings
    (record.dosePerTilt, record.tiltAxis) = (
      source.manifest.dosePerTilt, source.manifest.axis.rawValue
    )
    record.seconds = (ContinuousClock.now - began) / .seconds(1)
    try run.writeSidecars(record)
    if writesHyperstack { try Hyperstack(folder: folder, record: record).write() }
    return try folder.finish(record)
  }
}
