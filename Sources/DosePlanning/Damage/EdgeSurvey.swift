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

/// The mean over the outer bins of each side, tilt and slice.
struct Edges {
  private let (tiltCount, sliceCount): (Int, Int)
  /// `[side][tilt][slice]`
  private var means: [Double]

  init(_ series: TiltSeries, width: Int) {
    let shape = series.shape
    (tiltCount, sliceCount) = (shape.tiltCount, shape.sliceCount)
    means = []
    for bins in [0..<width, shape.binCount - width..<shape.binCount] {
      for tilt in 0..<tiltCount {
        for slice in 0..<sliceCount {
          let sum = bins.reduce(0.0) { $0 + Double(series[tilt, slice, $1]) }
          means.append(sum / Double(width))
        }
      }
    }
  }

  subscript(side: Int, tilt: Int, slice: Int) -> Double {
    means[(side * tiltCount + tilt) * sliceCount + slice]
  }

  func all(_ value: (_ side: Int, _ tilt: Int) -> Double) -> [Double] {
    (0..<2).flatMap { side in (0..<tiltCount).map { value(side, $0) } }
  }

  /// The mean over some slices, for each side and tilt.
  func together(_ slices: [Int]) -> [Double] {
    all { side, tilt in
      slices.reduce(0) { $0 + self[side, tilt, $1] } / Double(max(1, slices.count))
    }
  }

  /// e: the standard deviation of an edge about its level.
  ///
  /// From the differences of slices three apart, which share no interpolation, at each side and tilt;
  /// from those of neighbouring tilts where slices are few. Each group gives the median of |difference|
  /// over 0.6745 √2. Where things stand at an edge this is too large, so of all groups the lower tenth
  /// counts, made up for the chance by which it is low.
  var scatter: Double {
    let lag = min(3, sliceCount / 4)
    let groups: [[Double]] =
      lag > 0
      ? (0..<2).flatMap { side in
        (0..<tiltCount).map { tilt in
          (lag..<sliceCount).map { self[side, tilt, $0] - self[side, tilt, $0 - lag] }
        }
      }
      : (0..<2).flatMap { side in
        (0..<sliceCount).map { slice in
          (1..<max(2, tiltCount)).map {
            self[side, min($0, tiltCount - 1), slice] - self[side, $0 - 1, slice]
          }
        }
      }
    let deviations = groups.map { group in
      group.map { abs($0) }.sorted()[group.count / 2] / (0.6745 * 2.0.squareRoot())
    }.sorted()
    // A median of n absolute differences scatters by 1.17 / √n, and a tenth lies 1.28 of that below.
    let low = 1 - 1.28 * 1.17 / Double(groups[0].count).squareRoot()
    return deviations[deviations.count / 10] / (deviations.count > 20 ? max(0.3, low) : 1)
  }

  /// The level that the lowest edges share, and its standard error: from the lower fifth upwards, the
  /// mean of all edges within three e of it, until it stays.
  func vacuum(_ scatter: Double) -> (level: Double, error: Double) {
    let sorted = means.sorted()
    var level = sorted[sorted.count / 5]
    var kept = sorted
    for _ in 0..<50 {
      kept = sorted.filter { abs($0 - level) <= 3 * scatter }
      let next = kept.isEmpty ? level : kept.reduce(0, +) / Double(kept.count)
      guard next != level else { break }
      level = next
    }
    return (level, scatter / Double(max(1, kept.count)).squareRoot())
  }

  /// The mean of each edge with its four neighbours in tilt.
  func smoothed(_ byAngle: [Int]) -> Edges {
    var result = self
    for side in 0..<2 {
      for place in byAngle.indices {
        let first = min(max(0, place - 2), max(0, byAngle.count - 5))
        let near = byAngle[first..<min(byAngle.count, first + 5)]
        for slice in 0..<sliceCount {
          let sum = near.reduce(0.0) { $0 + self[side, $1, slice] }
          result.means[(side * tiltCount + byAngle[place]) * sliceCount + slice] =
            sum / Double(near.count)
        }
      }
    }
    return result
  }
}
