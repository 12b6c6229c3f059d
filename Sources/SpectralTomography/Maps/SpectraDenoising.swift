package import Reconstruction
package import Fields
import Plots
import Records

/// Keeps the few spectra of which a spectrum image is mixed, with a scree plot.
package struct SpectraDenoising: Sendable {
  package let source: SpectralSource
  package let out: String
  /// `nil` for as many as lie above the noise.
  package var componentCount: Int?
  package var memoryLimit = MemoryPlan.standardLimit
  package var workers = Workers.all
  package var command: [String] = []

  package init(_ source: SpectralSource, to out: String) { (self.source, self.out) = (source, out) }

  package func run(_ follower: Follower) throws -> SpectraRecord {
    try checkMemory()
    _ = try ResultFolder.check(out)
    let place = try source.toldAxisPlace()
    var fields = try source.channels.indices.map { try source.load($0).projections }
    let components = try PrincipalComponents(fields, workers: workers)
    let count = componentCount ?? components.suggestedCount
    try memory(keeping: count).check(limit: memoryLimit)
    let scores = try components.scores(of: fields, keeping: count, workers: workers)
    fields = []
    let folder = try ResultFolder(out, follower)
    var record = SpectraRecord(.channels, method: "principal components")
    (record.command, record.tilts) = (command, source.tilts)
    (record.pixelSize, record.dosePerTilt) = (source.pixelSize, source.manifest.dosePerTilt)
    (record.tiltAxis, record.axisOffset) = (
      source.manifest.axis.rawValue, place.offset
    )
    record.settings = [
      "components": .count(count), "suggested": .count(components.suggestedCount),
      "noiseEdge": .number(components.noiseEdge),
    ]
    if !source.manifest.isCounts {
      record.warnings.append(
        "The data are not stated to be counts: the noise edge of the scree plot is unreliable.")
    }
    for (c, channel) in source.channels.enumerated() {
      let field = components.channel(c, from: scores)
      try folder.writeSeries(
        TiltSeries(
          field, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize),
        name: channel.name, axis: source.manifest.axis, into: &record, follower)
      record.channels[record.channels.count - 1].energy = channel.energy
    }
    try folder.add(try Self.scree(components).contents(), "scree.svg")
    var table = Table(["component", "eigenvalue", "noiseEdge"])
    for (k, value) in components.eigenvalues.enumerated() {
      try table.append([.integer(k + 1), .number(value), .number(components.noiseEdge)])
    }
    try folder.add(table.contents(), "scree.csv")
    record.inputs = try source.recorded(place)
    return try folder.finish(record)
  }

  private static func scree(_ components: PrincipalComponents) -> Chart {
    let values = components.eigenvalues.enumerated().filter { $0.element > 0 }
    var chart = Chart(
      "Principal components", x: Chart.Axis("component"),
      y: Chart.Axis("eigenvalue", scale: .logarithmic),
      series: [
        Chart.Series(
          "eigenvalue", values.map { Chart.Point(Double($0.offset + 1), $0.element) }, mark: .both)
      ])
    chart.markers = [Chart.Marker(.horizontal, at: components.noiseEdge, "noise")]
    return chart
  }
}
