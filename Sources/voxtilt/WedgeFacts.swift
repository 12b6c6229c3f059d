import SeriesIO
import MissingWedge
import Reconstruction
import Records
import Workflow

extension WedgeSplitRecipe.Outcome {
  /// For people.
  var words: String {
    """
    missing      \(percent(coverage.missingFraction)) of Fourier space
    \(energy.words("energy       "))
    """ + (error.map { "\n" + $0.words("error        ") } ?? "")
      + "\n\(sidecar.output.path): the inferred part"
  }
}

/// The answer of `voxtilt wedge` in JSON.
struct WedgeFacts: Encodable {
  let coverage: CoverageSummary
  let resolution: Double?
  let probes: [PointSpreadNumbers]

  init(_ coverage: CoverageSummary, _ spreads: [PointSpread], diameter: Double?) {
    self.coverage = coverage
    resolution = coverage.resolutionPerDiameter.flatMap { part in diameter.map { part * $0 } }
    probes = spreads.map { PointSpreadNumbers($0) }
  }

  private enum CodingKeys: String, CodingKey { case coverage, resolution, probes }

  func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(coverage, forKey: .coverage)
    try keys.encode(resolution, forKey: .resolution)  // optionals are written as null
    try keys.encode(probes, forKey: .probes)
  }
}

/// The answer for a volume.
struct SplitFacts: Encodable {
  let output: String
  let coverage: CoverageSummary
  let energy: EnergySplit
  let error: EnergySplit?

  init(_ outcome: WedgeSplitRecipe.Outcome) {
    (coverage, energy, error) = (outcome.coverage, outcome.energy, outcome.error)
    output = outcome.sidecar.output.path
  }

  private enum CodingKeys: String, CodingKey { case output, coverage, energy, error }

  func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(output, forKey: .output)
    try keys.encode(coverage, forKey: .coverage)
    try keys.encode(energy, forKey: .energy)
    try keys.encode(error, forKey: .error)
  }
}
