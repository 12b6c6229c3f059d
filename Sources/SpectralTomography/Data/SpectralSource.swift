public import Fields
package import Files
import Foundation
import StackIO

/// A spectrum-image tilt series (x, y, θ, E) in files, of which one channel is read at a time.
public struct SpectralSource: Sendable {
  package let manifest: SpectralManifest
  /// Of the series of every channel.
  public let shape: TiltSeriesShape
  /// nm
  package let pixelSize: Double?
  /// Files whose counts were shared out among neighbouring pixels, so that they are no whole numbers.
  package var sharedCounts: Set<String> = []
  private let order: HyperstackOrder?
  private let inputs: ReadFiles

  /// In ascending energy, or in the order of the manifest for elements.
  public var channels: [SpectralChannel] { manifest.channels }
  /// Degrees, one per tilt of every channel.
  public var tilts: [Double] { manifest.tilts }

  /// A folder with `spectra.json`. Reads the headers of every file, and no page.
  ///
  /// - Throws: ``SpectralError`` where counts or sizes do not fit each other, or `StackError`.
  public init(folder: String) throws { try self.init(try SpectralManifest(folder: folder)) }

  /// One ImageJ or OME hyperstack, whose tilt axis is upright. Reads its header, and no page.
  ///
  /// - Parameters:
  ///   - energies: of the first channel, and the step from one to the next, in eV.
  ///   - tilts: degrees, one per tilt.
  ///   - isCounts: whether the pixels are raw counts, none of them negative.
  /// - Throws: ``SpectralError`` where the file does not tell its channels or counts do not fit, or `StackError`.
  public init(
    hyperstack path: String, energies: (first: Double, step: Double), tilts: [Double],
    isCounts: Bool
  ) throws {
    let info = try StackReader(path: path).info
    guard let order = info.hyperstack.flatMap({ HyperstackOrder($0) }) else {
      throw SpectralError.noHyperstack(file: path)
    }
    guard energies.step > 0, energies.step.isFinite, energies.first.isFinite else {
      throw SpectralError.energyOrder(channel: 1)
    }
    guard order.channelCount * order.tiltCount == info.shape.pageCount else {
      throw SpectralError.hyperstackPages(
        file: path, pages: info.shape.pageCount, channels: order.channelCount,
        tilts: order.tiltCount)
    }
    for energy in [
      energies.first, energies.first + Double(order.channelCount - 1) * energies.step,
    ] where !SpectralChannel.energies.contains(energy) { throw SpectralError.energy(energy) }
    let channels = (0..<order.channelCount).map {
      SpectralChannel(energy: energies.first + Double($0) * energies.step)
    }
    try self.init(
      SpectralManifest(
        hyperstack: path, channels: channels, tilts: tilts, isCounts: isCounts,
        pixelSize: info.pixelSize))
  }

  init(_ manifest: SpectralManifest) throws {
    guard manifest.layout != .volumes else {
      throw SpectralError.layout(
        path: (manifest.files[0] as NSString).deletingLastPathComponent,
        found: "reconstructed volumes", needed: "tilt series")
    }
    let (channelCount, tiltCount) = (manifest.channels.count, manifest.tilts.count)
    let inputs = ReadFiles()
    let infos = try manifest.files.map { path in
      let reader = try StackReader(path: path)
      try inputs.check(reader)
      return reader.info
    }
    self.inputs = inputs
    let (files, pages, fileNoun, pageNoun) =
      switch manifest.layout {
      case .tilts: (tiltCount, channelCount, "tilts", "channels")
      case .hyperstack: (1, channelCount * tiltCount, "hyperstack", "channels × tilts")
      default: (channelCount, tiltCount, "channels", "tilts")
      }
    guard infos.count == files else {
      throw SpectralError.fileCount(found: infos.count, needed: files, of: fileNoun)
    }
    let first = infos[0].shape
    for info in infos {
      guard info.shape.pageCount == pages else {
        if manifest.layout == .hyperstack {
          throw SpectralError.hyperstackPages(
            file: info.path, pages: info.shape.pageCount, channels: channelCount, tilts: tiltCount)
        }
        throw SpectralError.pageCount(
          file: info.path, found: info.shape.pageCount, needed: pages, of: pageNoun)
      }
      guard info.shape.rowCount == first.rowCount, info.shape.columnCount == first.columnCount
      else {
        throw SpectralError.shape(
          file: info.path, found: "\(info.shape.columnCount) × \(info.shape.rowCount)",
          expected: "\(first.columnCount) × \(first.rowCount)")
      }
    }
    if manifest.layout == .hyperstack {
      let told = infos[0].hyperstack.flatMap { HyperstackOrder($0) }
      order =
        told ?? HyperstackOrder(channelCount: channelCount, tiltCount: tiltCount)
      guard order?.channelCount == channelCount, order?.tiltCount == tiltCount else {
        throw SpectralError.hyperstackPages(
          file: infos[0].path, pages: pages, channels: channelCount, tilts: tiltCount)
      }
    } else {
      order = nil
    }
    self.manifest = manifest
    pixelSize = manifest.pixelSize ?? infos[0].pixelSize
    let isY = manifest.axis == .y
    shape = TiltSeriesShape(
      tiltCount: tiltCount, binCount: isY ? first.columnCount : first.rowCount,
      sliceCount: isY ? first.rowCount : first.columnCount)
  }

  /// Reads one channel, `[slab][tilt][bin][lane]`.
  ///
  /// - Throws: `StackError` where a page cannot be read or holds what is no number, or
  ///   ``SpectralError/countPromised(file:page:row:column:value:)``.
  package func load(_ channel: Int) throws -> TiltSeries {
    var series = TiltSeries(zeros: shape, tilts: tilts, pixelSize: pixelSize)
    try add(channel, to: &series)
    return series
  }

  /// The sum of some neighbouring channels.
  package func load(sum channels: Range<Int>) throws -> TiltSeries {
    var series = TiltSeries(zeros: shape, tilts: tilts, pixelSize: pixelSize)
    for channel in channels { try add(channel, to: &series) }
    return series
  }

  /// What was read from one of the files; it is hashed where no page was asked for yet.
  package func fingerprint(of path: String) throws -> Fingerprint {
    if let known = inputs.fingerprint(of: path) { return known }
    let reader = try StackReader(path: path)
    try inputs.check(reader)
    return try inputs.note(reader)
  }

  private func add(_ channel: Int, to series: inout TiltSeries) throws {
    let map = PageMap(shape.slabs, axis: manifest.axis)
    var picture = FloatStorage(zeros: map.rowCount * map.columnCount)
    var field = FloatStorage(zeros: shape.slabs.count)
    var open = place(channel, 0).file
    var reader = try StackReader(path: open)
    try inputs.check(reader)
    for tilt in 0..<shape.tiltCount {
      let (file, page) = place(channel, tilt)
      if open != file {
        try inputs.note(reader)
        open = file
        reader = try StackReader(path: file)
        try inputs.check(reader)
      }
      var census = NonFiniteCensus(.refuse)
      var pixels = picture.mutableSpan
      try reader.readPage(page, into: &pixels)
      census.examine(&pixels, page: page, columnCount: map.columnCount)
      try census.settle(path: file)
      if manifest.isCounts {
        let isShared = sharedCounts.contains(file)
        for i in pixels.indices
        where !(pixels[i] >= 0)
          || !isShared && abs(pixels[i] - pixels[i].rounded()) > 1e-3 * max(1, pixels[i])
        {
          throw SpectralError.countPromised(
            file: file, page: page, row: i / map.columnCount, column: i % map.columnCount,
            value: pixels[i])
        }
      }
      var values = field.mutableSpan
      map.place(picture.span, page: tilt, into: &values)
    }
    try inputs.note(reader)
    var sum = series.projections.mutableSpan
    let added = field.span
    for i in sum.indices { unsafe sum[unchecked: i] += added[unchecked: i] }
  }

  private func place(_ channel: Int, _ tilt: Int) -> (file: String, page: Int) {
    switch manifest.layout {
    case .tilts: (manifest.files[tilt], channel)
    case .hyperstack:
      (manifest.files[0], order?.page(channel: channel, tilt: tilt) ?? 0)
    default: (manifest.files[channel], tilt)
    }
  }
}
