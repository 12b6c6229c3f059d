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
  @Nullable private(set) var resolution: Double?
  let probes: [PointSpreadNumbers]

  init(_ coverage: CoverageSummary, _ spreads: [WedgePointSpread], diameter: Double?) {
    self.coverage = coverage
    resolution = coverage.resolutionPerDiameter.flatMap { part in diameter.map { part * $0 } }
    probes = spreads.map { PointSpreadNumbers($0) }
  }
}

/// The answer for a volume.
struct SplitFacts: Encodable {
  let output: String
  let coverage: CoverageSummary
  let energy: EnergySplit
  @Nullable private(set) var error: EnergySplit?

  init(_ outcome: WedgeSplitRecipe.Outcome) {
    (coverage, energy, error) = (outcome.coverage, outcome.energy, outcome.error)
    output = outcome.sidecar.output.path
  }
}
