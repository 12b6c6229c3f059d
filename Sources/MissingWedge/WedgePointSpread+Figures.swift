import Fields
package import Plots
import Reconstruction
import Records

extension WedgePointSpread {
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
  private let probe: String
  private let method: String
  private let settings: [String: Setting]
  private let ownWidth: Double
  private let halfWidths: [Double?]
  @Nullable private var widthRatio: Double?
  @Nullable private var curvatures: [Double]?
  @Nullable private var elongation: Double?
  @Nullable private var elongationDirection: Double?
  private let undershoot: [Double]
  private let sideLobes: [Double?]

  package init(_ spread: WedgePointSpread) {
    let profiles = [spread.x, spread.y, spread.z]
    (probe, ownWidth) = (spread.probe.name, spread.probe.width)
    (method, settings) = (spread.report.method, spread.report.settings)
    (halfWidths, widthRatio) = (profiles.map(\.halfWidth), spread.widthRatio)
    curvatures = spread.curvature.map { [$0.x, $0.y, $0.z] }
    elongation = spread.curvature?.elongation
    elongationDirection = spread.curvature?.direction
    (undershoot, sideLobes) = (profiles.map(\.undershoot), profiles.map(\.sideLobe))
  }
}
