package import Reconstruction
package import Fields
import Foundation
import Records
import Spectroscopy

/// From a spectrum image to element maps, a tilt series an element: subtract first.
package struct SpectraMaps: Sendable {
  package let source: SpectralSource
  package let elements: [ElementWindows]
  package let out: String
  package var scope = EdgeBackground.Scope.region
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ source: SpectralSource, _ elements: [ElementWindows], to out: String) {
    (self.source, self.elements, self.out) = (source, elements, out)
  }

  package func run(_ follower: Follower) throws -> SpectraRecord {
    _ = try ResultFolder.check(out)
    try checkMemory()
    let (energies, place) = (try Self.energies(of: source), try source.toldAxisPlace())
    let totals = try source.channels.indices.map { channel in
      Self.total(try source.load(channel).projections)
    }
    let laws = try elements.map {
      try EdgeBackground($0, scope: scope, energies: energies, totals: totals)
    }
    let folder = try ResultFolder(out, follower)
    var record = SpectraRecord(.channels, method: "element maps")
    (record.command, record.inputs) = (command, try source.recorded(place))
    record.axisOffset = place.offset
    record.settings["backgroundScope"] = .text(scope.rawValue)
    (record.tilts, record.pixelSize) = (source.tilts, source.pixelSize)
    (record.dosePerTilt, record.tiltAxis) = (
      source.manifest.dosePerTilt, source.manifest.axis.rawValue
    )
    record.warnings = Self.warnings(laws)
    for law in laws {
      let split = try law.split(workers) { try source.load($0).projections }
      let name = law.windows.name
      try folder.writeSeries(
        TiltSeries(
          split.net, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize),
        name: name, axis: source.manifest.axis, into: &record, follower)
      record.settings["\(name) exponent"] = .number(law.summed.exponent)
      record.settings["\(name) chiSquare"] = .number(law.summed.chiSquare)
    }
    return try folder.finish(record)
  }

  /// Of backgrounds that follow no power law, and windows that disturb each other.
  package static func warnings(_ laws: [EdgeBackground]) -> [String] {
    laws.filter { $0.summed.chiSquare > 2 }.map { law in
      """
      The counts before the \(law.windows.name) edge do not follow a power law: \
      χ² \(Float(law.summed.chiSquare)) of the summed spectrum.
      """
    } + ElementWindows.overlaps(laws.map(\.windows))
  }

  /// eV, one a channel.
  package static func energies(of source: SpectralSource) throws(SpectralError) -> [Double] {
    let energies = source.channels.compactMap(\.energy)
    guard energies.count == source.channels.count else {
      throw .noEnergies(path: source.manifest.files[0])
    }
    return energies
  }

  package static func total(_ field: FloatStorage) -> Double {
    let values = field.span
    return values.indices.reduce(0.0) { $0 + Double(values[$1]) }
  }
}
