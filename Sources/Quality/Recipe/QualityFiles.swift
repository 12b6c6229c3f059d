import SeriesIO
import Fields
import Files
import Foundation
import Plots
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
    try door.add(try result.residualTable(), at: prefix + ".residuals.csv")
    try door.add(try result.spectrum.table(), at: prefix + ".spectrum.csv")
    // A volume of few voxels may have no shell that is measured.
    for chart in [QualityCharts.residuals(result), QualityCharts.spectrum(result)]
    where !chart.chart.series.isEmpty {
      try door.add(chart.chart, at: "\(prefix).\(chart.name).svg")
    }
    try door.add(map.picture, at: prefix + ".consistency.png")
    try door.add(try stack(map))
    return try door.finish(record)
  }

  func write(_ record: CorrelationRecord) throws -> CorrelationRecord {
    try add(record.correlation)
    return try door.finish(record)
  }

  private func add(_ correlation: CorrelationResult) throws {
    try door.add(try correlation.table(), at: prefix + ".fsc.csv")
    try door.add(QualityCharts.correlation(correlation), at: prefix + ".fsc.svg")
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
