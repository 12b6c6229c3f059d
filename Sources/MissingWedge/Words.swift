import Foundation
import Plots
import Reconstruction

/// For instance "22.2 %"; small ones with two digits, and what rounding leaves as nothing.
package func percent(_ fraction: Double?) -> String {
  guard let fraction, fraction.isFinite else { return "not measured" }
  guard abs(fraction) >= 1e-7 else { return "0 %" }
  return String(format: abs(fraction) < 0.01 ? "%.2g %%" : "%.1f %%", 100 * fraction)
}

extension CoverageSummary {
  /// For people.
  package func words(diameter: Double?) -> String {
    let missing = missingArcs.map { "\($0[0].digits(4))° to \($0[1].digits(4))°" }
      .joined(separator: " and ")
    let factor = elongation.map { String(format: "%.3f", $0) } ?? "infinite"
    let direction = elongationDirection.digits(4)
    let resolution: String =
      if let step = largestStep, let radians = resolutionPerDiameter {
        diameter.map {
          "\(measured(radians * $0)) for an object of diameter \(measured($0))"
        }
        .map { $0 + " (largest step \(step.digits(4))°)" }
          ?? "\(measured(radians)) × the diameter of the object (largest step \(step.digits(4))°)"
      } else {
        "not defined: there are no neighbouring tilts"
      }
    return """
      tilts        \(tiltCount), \(tiltRange[0].digits(4))° to \(tiltRange[1].digits(4))°
      sampled      \(percent(sampledFraction)) of Fourier space inside the Nyquist circle (or sphere)
      missing      \(percent(missingFraction))\(missing.isEmpty ? "" : ", from \(missing)") (90° is the beam)
      elongation   \(factor) along \(direction)°: the root of the ratio of curvatures of a point, not of \
      the widths of large objects
      resolution   \(resolution)
      """
  }
}

extension WedgePointSpread {
  /// For people.
  package var words: String {
    let widths = [x, y, z].map { measured($0.halfWidth) }.joined(separator: " / ")
    let low = [x, y, z].map { percent($0.undershoot) }.joined(separator: " / ")
    let lobes = [x, y, z].map { $0.sideLobe.map { percent($0) } ?? "none" }
      .joined(separator: " / ")
    let peak = curvature.map {
      """

        elongation by curvature \(measured($0.elongation)) along \(measured($0.direction))°
      """
    }
    return """
      \(probe.name), \(report.method) (along x / y / z)
        width at half maximum   \(widths) voxels, its own \(measured(probe.width)); z over x \
      \(measured(widthRatio))\(peak ?? "")
        lowest value            \(low) of the largest
        side lobe               \(lobes) of the largest
      """
  }
}

extension EnergySplit {
  /// For people.
  package func words(_ what: String) -> String {
    guard all.missingFraction != nil else { return what + "not measured: it is zero everywhere" }
    let cones = [("across the axis", x), ("along it", y), ("along the beam", z)]
      .map { "\(percent($1.missingFraction)) \($0)" }.joined(separator: ", ")
    return """
      \(what)\(percent(all.missingFraction)) lies in the missing wedge (\(cones)); \
      a missing coefficient has \(measured(all.perCoefficientRatio)) of the energy of a sampled one
      """
  }
}
