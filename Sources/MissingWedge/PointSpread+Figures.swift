import Fields
package import Plots
import Reconstruction

extension PointSpread {
  /// `.blob.csv`, `.svg` and `.png`, or the same of a sphere.
  package func plots() throws -> [(ending: String, plot: any Writable)] {
    let name = if case .blob = probe { ".blob" } else { ".sphere" }
    let large = max(1, 256 / volume.shape.width)
    return [
      (name + ".csv", try table()), (name + ".svg", chart),
      (
        name + ".png",
        try Picture.orthogonalSections(
          of: volume, scale: .percentiles(0, 100), magnification: large)
      ),
    ]
  }

  private func table() throws(PlotError) -> Table {
    var table = Table(["offset", "x", "y", "z"])
    for (index, offset) in x.offsets.enumerated() {
      try table.append([.number(offset)] + [x, y, z].map { .number($0.values[index]) })
    }
    return table
  }

  private var chart: Chart {
    Chart(
      "\(probe.name), \(report.method)", x: Chart.Axis("voxels from the centre"),
      y: Chart.Axis("value"),
      series: [("x", x), ("y", y), ("z", z)].map { name, profile in
        .curve("along \(name)", profile.offsets, profile.values)
      })
  }
}

/// The numbers of a point spread, for JSON; what is not defined is `null`.
package struct PointSpreadNumbers: Sendable, Encodable {
  let spread: PointSpread

  package init(_ spread: PointSpread) { self.spread = spread }

  private enum Key: String, CodingKey {
    case probe, method, settings, ownWidth, halfWidths, widthRatio, curvatures, elongation
    case elongationDirection, undershoot, sideLobes
  }

  package func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    let profiles = [spread.x, spread.y, spread.z]
    try keys.encode(spread.probe.name, forKey: .probe)
    try keys.encode(spread.report.method, forKey: .method)
    try keys.encode(spread.report.settings, forKey: .settings)
    try keys.encode(spread.probe.width, forKey: .ownWidth)
    try keys.encode(profiles.map(\.halfWidth), forKey: .halfWidths)
    try keys.encode(spread.widthRatio, forKey: .widthRatio)
    try keys.encode(spread.curvature.map { [$0.x, $0.y, $0.z] }, forKey: .curvatures)
    try keys.encode(spread.curvature?.elongation, forKey: .elongation)
    try keys.encode(spread.curvature?.direction, forKey: .elongationDirection)
    try keys.encode(profiles.map(\.undershoot), forKey: .undershoot)
    try keys.encode(profiles.map(\.sideLobe), forKey: .sideLobes)
  }
}
