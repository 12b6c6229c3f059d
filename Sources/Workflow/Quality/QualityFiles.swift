import Fields
import Files
import Foundation
import Plots
import Quality
import Records
import StackIO

/// The files that quality goes to: `PREFIX.quality.json`, tables, charts and the map of the residual.
struct QualityFiles {
  private let prefix: String
  let door: ResultFiles

  /// `PREFIX.quality.json` and its companions.
  init(_ prefix: String, inputs: [String], overwrites: Bool) throws {
    self.prefix = prefix
    door = try ResultFiles(
      record: prefix + ".quality.json", inputs: inputs, overwrites: overwrites)
    for ending in [
      ".fsc.csv", ".fsc.svg", ".residuals.csv", ".spectrum.csv", ".residuals.svg", ".spectrum.svg",
      ".consistency.png", ".consistency.tif",
    ] {
      try door.claim(prefix + ending)
    }
  }

  /// `PREFIX.fsc.json` and its companions.
  init(correlation prefix: String, inputs: [String], overwrites: Bool) throws {
    self.prefix = prefix
    door = try ResultFiles(record: prefix + ".fsc.json", inputs: inputs, overwrites: overwrites)
    for ending in [".fsc.csv", ".fsc.svg"] { try door.claim(prefix + ending) }
  }

  func write(_ record: QualityRecord, _ map: ResidualMap) throws -> QualityRecord {
    let result = record.quality
    try add(result.correlation)
    try door.add(try Self.residuals(result), at: prefix + ".residuals.csv")
    try door.add(try Self.spectrum(result.spectrum), at: prefix + ".spectrum.csv")
    // A volume of few voxels may have no shell that is measured.
    for chart in [QualityCharts.residuals(result), QualityCharts.spectrum(result)]
    where !chart.chart.series.isEmpty {
      try door.add(chart.chart, at: "\(prefix).\(chart.name).svg")
    }
    try door.add(Self.picture(map), at: prefix + ".consistency.png")
    try door.add(try stack(map))
    return try door.finish(record)
  }

  func write(_ record: CorrelationRecord) throws -> CorrelationRecord {
    try add(record.correlation)
    return try door.finish(record)
  }

  private func add(_ correlation: CorrelationResult) throws {
    try door.add(try Self.table(correlation), at: prefix + ".fsc.csv")
    try door.add(QualityCharts.correlation(correlation), at: prefix + ".fsc.svg")
  }

  private static func table(_ correlation: CorrelationResult) throws(PlotError) -> Table {
    var table = Table(["direction", "frequency", "correlation", "coefficients", "halfBit"])
    for curve in correlation.curves {
      for point in curve.points {
        try table.append([
          .text(curve.direction.rawValue), .number(point.frequency), cell(point.value),
          .number(point.coefficients), .number(point.halfBit),
        ])
      }
    }
    return table
  }

  private static func residuals(_ result: QualityResult) throws(PlotError) -> Table {
    var table = Table([
      "tilt", "residual", "mean", "overNoise", "alongBins", "alongSlices", "predictionOverNoise",
    ])
    for tilt in result.fit.tilts {
      let predicted = result.prediction?.tilts.first { $0.tilt == tilt.tilt }
      try table.append([
        .number(tilt.tilt), .number(tilt.residual), .number(tilt.mean), cell(tilt.overNoise),
        cell(tilt.alongBins), cell(tilt.alongSlices), cell(predicted?.overNoise),
      ])
    }
    return table
  }

  private static func spectrum(_ spectrum: SpectrumResult) throws(PlotError) -> Table {
    var table = Table(["frequency", "sampled", "missing", "noise", "isFilledIn", "isBetweenTilts"])
    for shell in spectrum.shells {
      try table.append([
        .number(shell.frequency), cell(shell.sampled), cell(shell.missing), cell(shell.noise),
        cell(shell.isFilledIn), cell(shell.isBetweenTilts),
      ])
    }
    return table
  }

  private static func cell(_ value: Double?) -> Table.Cell { value.map { .number($0) } ?? .empty }
  private static func cell(_ value: Bool?) -> Table.Cell { value.map { .text("\($0)") } ?? .empty }

  /// Tilts from the top down, bins to the right.
  private static func picture(_ map: ResidualMap) -> Picture {
    let zoom = max(1, 640 / max(map.binCount, map.tilts.count))
    func panel(_ values: [Float], _ limits: ClosedRange<Float>, _ name: String) -> Panel {
      let picture = Picture(FloatStorage(values).span, width: map.binCount, limits: limits)
      return Panel(
        picture.magnified(by: zoom),
        caption: "\(name) residual / noise: \(limits.lowerBound) to \(limits.upperBound)")
    }
    let (top, side) = (limit(map.rms, least: 2), limit(map.mean, least: 1))
    return Picture.montage([panel(map.rms, 0...top, "rms"), panel(map.mean, -side...side, "mean")])
  }

  /// The 99th percentile of the sizes, rounded up to 1, 2 or 5 times a power of ten.
  private static func limit(_ values: [Float], least: Float) -> Float {
    let sorted = values.map(abs).sorted()
    let high = sorted.isEmpty ? least : sorted[(sorted.count - 1) * 99 / 100]
    var (limit, steps) = (least, 0)
    while limit < high, steps < 100 {
      // 1, 2, 5, 10, …
      limit *= "\(limit)".hasPrefix("2") ? 2.5 : 2
      steps += 1
    }
    return limit
  }

  /// Two pages of [tilt][bin]: the root mean square over the noise, and the signed mean over it.
  private func stack(_ map: ResidualMap) throws -> OutputFile {
    var writer = try StackWriter(
      path: prefix + ".consistency.tif",
      shape: StackShape(pageCount: 2, rowCount: map.tilts.count, columnCount: map.binCount))
    for (page, values) in [map.rms, map.mean].enumerated() {
      try writer.write(FloatStorage(values).span, page: page)
    }
    return try writer.seal().file
  }
}
