package import Projection
package import Records

/// What a tilt series samples, in numbers.
package struct CoverageSummary: Sendable, Hashable, Encodable {
  package let tiltCount: Int
  /// Degrees.
  package let tiltRange: [Double]
  /// `[from, to]` of each sampled arc and each hole, in degrees.
  package let sampledArcs: [[Double]]
  package let missingArcs: [[Double]]
  package let sampledFraction: Double
  package let missingFraction: Double
  /// The root of the ratio of the curvatures of a point; `nil` where it is infinite.
  @Nullable package private(set) var elongation: Double?
  /// Along which direction, in degrees from x towards z (90 is the beam).
  package let elongationDirection: Double
  /// The largest gap between neighbouring tilts, in degrees; `nil` for a single tilt.
  @Nullable package private(set) var largestStep: Double?
  /// `d / D = Δθ` in radians.
  @Nullable package private(set) var resolutionPerDiameter: Double?

  /// - Parameter degrees: one angle a tilt.
  package init(_ coverage: TiltCoverage, degrees: [Double]) {
    tiltCount = degrees.count
    tiltRange = [degrees.min() ?? 0, degrees.max() ?? 0]
    let (directions, turn) = (coverage.directions, 180 / Double.pi)
    sampledArcs = coverage.arcs.map { [$0.lowerBound * turn, $0.upperBound * turn] }
    missingArcs = directions.holes.map { hole in
      let begin = directions.angles[hole]
      return [begin * turn, (begin + directions.gaps[hole]) * turn]
    }
    (sampledFraction, missingFraction) = (coverage.sampledFraction, coverage.missingFraction)
    let (factor, direction) = coverage.elongation
    elongation = factor.isFinite ? factor : nil
    elongationDirection = direction * turn
    largestStep = coverage.largestStep.map { $0 * turn }
    resolutionPerDiameter = coverage.resolution(diameter: 1)
  }
}
