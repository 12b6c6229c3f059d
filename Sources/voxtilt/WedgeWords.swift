import Foundation
import MissingWedge
import Reconstruction
import Records
import Workflow

extension Terminal {
  /// For instance "22.2 %"; small ones with two digits, and what rounding leaves as nothing.
  static func percent(_ fraction: Double?) -> String {
    guard let fraction, fraction.isFinite else { return "not measured" }
    guard abs(fraction) >= 1e-7 else { return "0 %" }
    return String(format: abs(fraction) < 0.01 ? "%.2g %%" : "%.1f %%", 100 * fraction)
  }
}

extension CoverageSummary {
  /// For people.
  func words(diameter: Double?) -> String {
    let missing = missingArcs.map { "\(Self.round($0[0]))° to \(Self.round($0[1]))°" }
      .joined(separator: " and ")
    let factor = elongation.map { String(format: "%.3f", $0) } ?? "infinite"
    let direction = Self.round(elongationDirection)
    let resolution: String =
      if let step = largestStep, let radians = resolutionPerDiameter {
        diameter.map {
          "\(Terminal.short(radians * $0)) for an object of diameter \(Terminal.short($0))"
        }
        .map { $0 + " (largest step \(Self.round(step))°)" }
          ?? "\(Terminal.short(radians)) × the diameter of the object (largest step \(Self.round(step))°)"
      } else {
        "not defined: there are no neighbouring tilts"
      }
    return """
      tilts        \(tiltCount), \(Self.round(tiltRange[0]))° to \(Self.round(tiltRange[1]))°
      sampled      \(Terminal.percent(sampledFraction)) of Fourier space inside the Nyquist circle (or sphere)
      missing      \(Terminal.percent(missingFraction))\(missing.isEmpty ? "" : ", from \(missing)") (90° is the beam)
      elongation   \(factor) along \(direction)°: the root of the ratio of curvatures of a point, not of \
      the widths of large objects
      resolution   \(resolution)
      """
  }

  private static func round(_ degrees: Double) -> String { String(format: "%.4g", degrees) }
}

extension PointSpread {
  /// For people.
  var words: String {
    let widths = [x, y, z].map { Terminal.short($0.halfWidth) }.joined(separator: " / ")
    let low = [x, y, z].map { Terminal.percent($0.undershoot) }.joined(separator: " / ")
    let lobes = [x, y, z].map { $0.sideLobe.map { Terminal.percent($0) } ?? "none" }
      .joined(separator: " / ")
    let peak = curvature.map {
      """

        elongation by curvature \(Terminal.short($0.elongation)) along \(Terminal.short($0.direction))°
      """
    }
    return """
      \(probe.name), \(report.method) (along x / y / z)
        width at half maximum   \(widths) voxels, its own \(Terminal.short(probe.width)); z over x \
      \(Terminal.short(widthRatio))\(peak ?? "")
        lowest value            \(low) of the largest
        side lobe               \(lobes) of the largest
      """
  }
}

extension EnergySplit {
  /// For people.
  func words(_ what: String) -> String {
    guard all.missingFraction != nil else { return what + "not measured: it is zero everywhere" }
    let cones = [("across the axis", x), ("along it", y), ("along the beam", z)]
      .map { "\(Terminal.percent($1.missingFraction)) \($0)" }.joined(separator: ", ")
    return """
      \(what)\(Terminal.percent(all.missingFraction)) lies in the missing wedge (\(cones)); \
      a missing coefficient holds \(Terminal.short(all.perCoefficientRatio)) of a sampled one
      """
  }
}

extension WedgeSplitRecipe.Outcome {
  /// For people.
  var words: String {
    """
    missing      \(Terminal.percent(coverage.missingFraction)) of Fourier space
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
