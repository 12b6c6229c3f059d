import Fields
import RealModule

/// Which slices of a series lie wholly within the bins at every tilt, judged by their outer bins.
///
/// The outer bins of a slice that lies wholly in view hold vacuum at every tilt. The vacuum level b and
/// the scatter e of the mean over one slice's outer bins are found from all outer bins, and an edge
/// *shows something* where it is off b, either way, by more than
///
///     max(e √(2 ln(T / 0.01)), 0.002 M / W)
///
/// for T tests and a slice of mass M over W bins. The first bounds the chance that any of the T tests
/// fails where all is vacuum by 1 % (a normal number exceeds z with a chance below exp(−z²/2)); the
/// second leaves alone what could not change the mass by 0.2 % were it everywhere. Each edge is tested
/// by itself, with its four neighbours in tilt, and, once slices are chosen, together with all of them.
/// Slices of which more than 2 % could stand at an edge unseen are too noisy to be judged.
struct EdgeSurvey {
  /// Outer bins on either side that are looked at.
  let width: Int
  /// `b`, given or found.
  let vacuum: Double
  let vacuumError: Double
  /// Slices that hold something and lie wholly in view, ascending.
  let slices: [Int]
  /// Whether the chosen slices together show nothing at any edge either, and would show it.
  let isTrusted: Bool
  /// The part of the mean mass that a tilt could have in its outer bins unseen.
  let unseen: Double
  /// The mean of the chosen slices at each tilt beyond the object: over as many outer bins, up to a
  /// quarter on either side, as show nothing.
  let levels: [Double]

  private static let chance = 0.01
  private static let leastMass = 0.002
  private static let mostUnseen = 0.02

  /// - Parameter byAngle: the tilts in the order of their angles.
  init(_ series: TiltSeries, byAngle: [Int], vacuum given: Double?) {
    let shape = series.shape
    let width = min(max(3, shape.binCount / 32), max(1, shape.binCount / 4))
    let edges = Edges(series, width: width)
    let scatter = edges.scatter
    let (vacuum, error) = given.map { ($0, 0.0) } ?? edges.vacuum(scatter)
    let masses = Self.masses(series, vacuum)
    let largest = masses.max() ?? 0
    let tests = Double(4 * shape.tiltCount * shape.sliceCount)
    let bound = Self.bound(tests)
    let smoothed = edges.smoothed(byAngle)
    let chosen = (0..<shape.sliceCount).filter { slice in
      guard masses[slice] > 0.1 * largest, masses[slice] > 0 else { return false }
      let least = Self.leastMass * masses[slice] / Double(shape.binCount)
      return edges.all { edges[$0, $1, slice] }.allSatisfy {
        abs($0 - vacuum) <= max(bound * scatter, least)
      }
        && edges.all { smoothed[$0, $1, slice] }.allSatisfy {
          abs($0 - vacuum) <= max(bound * scatter / 5.0.squareRoot(), least)
        }
    }
    (self.width, self.vacuum, vacuumError, slices) = (width, vacuum, error, chosen)
    let count = Double(max(1, chosen.count))
    let mean = chosen.reduce(0) { $0 + masses[$1] } / count
    let least = Self.leastMass * mean / Double(shape.binCount)
    let limit = Self.bound(2 * Double(shape.tiltCount)) * scatter / count.squareRoot()
    unseen = mean > 0 ? max(limit, least) * Double(width) / mean : 1
    var (beyond, together) = (width, edges.together(chosen))
    isTrusted =
      !chosen.isEmpty && unseen <= Self.mostUnseen
      && together.allSatisfy { abs($0 - vacuum) <= max(limit, least) }
    while isTrusted && 8 * beyond <= shape.binCount {
      let wider = Edges(series, width: 2 * beyond).together(chosen)
      guard wider.allSatisfy({ abs($0 - vacuum) <= max(limit, least) }) else { break }
      (beyond, together) = (2 * beyond, wider)
    }
    let tilts = shape.tiltCount
    levels = (0..<tilts).map { (together[$0] + together[tilts + $0]) / 2 }
  }

  private static func bound(_ tests: Double) -> Double { (2 * .log(tests / chance)).squareRoot() }

  /// The mean mass of each slice over all tilts.
  private static func masses(_ series: TiltSeries, _ vacuum: Double) -> [Double] {
    let shape = series.shape
    return (0..<shape.sliceCount).map { slice in
      var sum = 0.0
      for tilt in 0..<shape.tiltCount {
        for bin in 0..<shape.binCount { sum += Double(series[tilt, slice, bin]) - vacuum }
      }
      return sum / Double(shape.tiltCount)
    }
  }
}
