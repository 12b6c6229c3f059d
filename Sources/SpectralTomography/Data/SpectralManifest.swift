package import Fields
package import Files
import Foundation
import StackIO

/// What a folder of stacks says of itself in `spectra.json`.
///
///     { "layout": "channels", "files": ["0500.tif", "0502.tif"], "energies": [500, 502],
///       "tilts": "-70:70:2", "counts": true, "background": 0.1, "pixelSize": 1, "dosePerTilt": 50 }
///
/// `layout` is `channels` (a stack a channel, a page a tilt), `tilts` (a stack a tilt, a page a
/// channel), `hyperstack` (one file) or `volumes` (what a reconstruction leaves). Channels are named
/// by `energies` in eV or by `elements`. `tilts` is a list, `start:stop:step` or the name of a file.
package struct SpectralManifest: Sendable, Equatable {
  package enum Layout: String, Sendable, Codable, CaseIterable {
    case channels, tilts, hyperstack, volumes
  }

  package let layout: Layout
  /// Paths, the folder's own included.
  package let files: [String]
  package let channels: [SpectralChannel]
  /// Degrees; empty for volumes.
  package let tilts: [Double]
  /// Whether the values are promised to be raw counts.
  package let isCounts: Bool
  /// `b`: counts expected in every pixel besides the object's, one a channel.
  package let background: [Double]
  /// nm
  package let pixelSize: Double?
  /// Electrons per nm².
  package let dosePerTilt: Double?
  package let axis: TiltAxis
  /// Pixels from the centre, where it is told.
  package let axisOffset: Double?
  /// The manifest itself, and the file of its angles.
  package let sources: [Fingerprint]

  /// The manifest of a folder.
  ///
  /// - Throws: ``SpectralError`` where it is missing or a key cannot be used, or `StackError` of tilts.
  package init(folder: String) throws {
    let path = (folder as NSString).appendingPathComponent("spectra.json")
    let (bytes, fingerprint) = try Self.contents(of: path, in: folder)
    guard let written = try? JSONDecoder().decode(Written.self, from: Data(bytes)) else {
      throw SpectralError.manifest(
        path: path, key: "layout", rule: "part of a JSON object, with \"files\"")
    }
    func refuse(_ key: String, _ rule: String) -> SpectralError {
      .manifest(path: path, key: key, rule: rule)
    }
    guard let layout = Layout(rawValue: written.layout) else {
      throw refuse("layout", Layout.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard !written.files.isEmpty else { throw refuse("files", "a list of at least one name") }
    if let size = written.pixelSize, !(size > 0 && size.isFinite) {
      throw refuse("pixelSize", "a length in nm above 0")
    }
    if let dose = written.dosePerTilt, !(dose > 0 && dose.isFinite) {
      throw refuse("dosePerTilt", "electrons per nm², above 0")
    }
    guard let axis = TiltAxis(rawValue: written.tiltAxis ?? "y") else {
      throw refuse("tiltAxis", "x or y")
    }
    if let offset = written.axisOffset, !offset.isFinite {
      throw refuse("axisOffset", "a number of pixels")
    }
    axisOffset = written.axisOffset
    self.layout = layout
    files = written.files.map { (folder as NSString).appendingPathComponent($0) }
    channels = try SpectralChannel.list(
      energies: written.energies, elements: written.elements, refuse)
    let background = written.background?.values ?? [0]
    guard background.allSatisfy({ $0 >= 0 && $0.isFinite }),
      background.count == 1 || background.count == channels.count
    else { throw refuse("background", "0 or more, one number or one per channel") }
    self.background =
      background.count == channels.count
      ? background : channels.map { _ in background[0] }
    let angles = layout == .volumes ? nil : try written.tilts?.angles(in: folder)
    tilts = angles?.degrees ?? []
    sources = [fingerprint, angles?.file].compactMap(\.self)
    guard layout == .volumes || !tilts.isEmpty else {
      throw refuse("tilts", "a list of degrees, start:stop:step, or a file of angles")
    }
    (isCounts, pixelSize, dosePerTilt) = (
      written.counts ?? false, written.pixelSize, written.dosePerTilt
    )
    self.axis = axis
  }

  private static func contents(
    of path: String, in folder: String
  ) throws -> (bytes: [UInt8], fingerprint: Fingerprint) {
    do throws(FileError) {
      return try InputFile.contents(of: path)
    } catch .missing {
      guard FileManager.default.fileExists(atPath: folder) else {
        throw FileError.missing(path: folder)
      }
      throw SpectralError.noManifest(folder: folder)
    }
  }

  /// For one file that tells its own order.
  init(
    hyperstack path: String, channels: [SpectralChannel], tilts: [Double], isCounts: Bool,
    pixelSize: Double?
  ) {
    (layout, files, self.channels, self.tilts) = (.hyperstack, [path], channels, tilts)
    (self.isCounts, self.pixelSize, dosePerTilt, axis) = (isCounts, pixelSize, nil, .y)
    axisOffset = nil
    background = channels.map { _ in 0 }
    sources = []
  }
}

/// The file's own keys.
private struct Written: Decodable {
  let layout: String
  let files: [String]
  let energies: [Double]?
  let elements: [String]?
  let tilts: WrittenTilts?
  let counts: Bool?
  let background: OneOrMany?
  let pixelSize: Double?
  let dosePerTilt: Double?
  let tiltAxis: String?
  let axisOffset: Double?
}

private struct OneOrMany: Decodable {
  let values: [Double]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    values = try (try? container.decode([Double].self)) ?? [container.decode(Double.self)]
  }
}

private enum WrittenTilts: Decodable {
  case list([Double])
  case text(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self =
      if let list = try? container.decode([Double].self) { .list(list) } else {
        .text(try container.decode(String.self))
      }
  }

  func angles(in folder: String) throws -> (degrees: [Double], file: Fingerprint?) {
    switch self {
    case .list(let list): return (list, nil)
    case .text(let text):
      let isRange = text.contains(":")
      let path = (folder as NSString).appendingPathComponent(text)
      let angles = try isRange ? TiltAngles(range: text) : TiltAngles(reading: path)
      return (angles.degrees, angles.fingerprint)
    }
  }
}
