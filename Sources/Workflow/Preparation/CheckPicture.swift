import Fields
import Foundation
import Plots
import Preparation
import Records
import StackIO

/// A check on one sheet: three pages of the series and what every page shows, over its tilt.
struct CheckPicture {
  let record: CheckRecord
  let source: SeriesSource

  init(_ record: CheckRecord, _ source: SeriesSource) {
    (self.record, self.source) = (record, source)
  }

  /// Refuses a name that is no SVG, and one that may not be written.
  static func claim(_ path: String, _ files: ResultFiles) throws {
    guard path.lowercased().hasSuffix(".svg") else { throw WorkflowError.notSVG(path: path) }
    try files.claim(path)
  }

  /// - Parameter pages: those that are shown.
  func figure(pages: [Int]) throws -> Figure {
    var parts: [Figure.Part] = []
    var reader = try StackReader(path: source.path)
    try requireSame(reader.stamp, source.stamp, source.path)
    let shape = source.info.shape
    let factor = max(1, (max(shape.rowCount, shape.columnCount) + 299) / 300)
    for page in pages {
      var pixels = [Float](repeating: 0, count: shape.pixelsPerPage)
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      for i in pixels.indices where !pixels[i].isFinite { pixels[i] = 0 }
      let small = Image(pixels, columnCount: shape.columnCount)
        .binned(by: min(factor, shape.rowCount, shape.columnCount))
      let picture = Picture(
        small.pixels.span, width: small.columnCount,
        limits: GreyScale.standard.limits(for: small.pixels.span))
      parts.append(
        .picture(
          Panel(picture, caption: "page \(page + 1), \(degrees(source.tilts[page]))"),
          magnification: 1))
    }
    let facts = record.pages
    let count = Double(shape.pixelsPerPage)
    let charts: [(String, String, [Chart.Series])] = [
      ("Exposure", "mean above vacuum", [line("mean", facts.map(\.total))]),
      ("Sharpness", "gradient / range", [line("sharpness", facts.map(\.sharpness))]),
      (
        "Spikes", "% of pixels",
        [line("spikes", facts.map { 100 * Double($0.brightSpikes + $0.darkSpikes) / count })]
      ),
      ("Vacuum", "level", [line("vacuum", facts.map(\.vacuum))]),
      ("Centre of mass, across the axis", "pixels", [line("across", offsets(\.across))]),
      ("Centre of mass, along the axis", "pixels", [line("along", offsets(\.along))]),
    ]
    for (title, label, series) in charts {
      var chart = Chart(title, x: .init("tilt / °"), y: .init(label), series: series)
      (chart.width, chart.height) = (420, 240)
      parts.append(.chart(chart))
    }
    let name = (source.path as NSString).lastPathComponent
    let title = "\(name): \(record.verdict.rawValue)"
    return Figure(title, columnCount: 3, parts)
  }

  private func degrees(_ value: Double) -> String { "\((value * 100).rounded() / 100)°" }

  private func line(_ name: String, _ values: [Double]) -> Chart.Series {
    line(name, zip(source.tilts, values).map { Chart.Point($0, $1) })
  }

  private func line(_ name: String, _ points: [Chart.Point]) -> Chart.Series {
    Chart.Series(name, points.sorted { $0.x < $1.x }, mark: .both)
  }

  private func offsets(_ part: (SeriesCheck.Offset) -> Double) -> [Chart.Point] {
    record.offsets.map { Chart.Point(source.tilts[$0.page - 1], part($0)) }
  }
}
