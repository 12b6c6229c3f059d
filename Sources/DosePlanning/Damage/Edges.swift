import Fields
import Statistics

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
      upperMedian(group.map { abs($0) }) / (0.6745 * 2.0.squareRoot())
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
