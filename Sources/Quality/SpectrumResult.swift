package import Records
import Transforms

/// The power spectrum of a volume against the noise floor, in shells.
///
/// Power is the mean of |X|² over the coefficients of a shell, over the largest such mean of the sampled
/// part (frequency 0 left out). The noise floor is `|A − B|² / 4` of independent halves A and B, likewise:
/// of their mean, which a linear method gives from all tilts, it is the expected noise.
///
/// What an object of diameter D leaves of a measured plane is 1/D wide; the missing part is therefore
/// looked at beyond a border of 2/D around what is sampled. *Filled in* is a shell whose missing part
/// holds more than twice the floor of the sampled part: no tilt measured it, the method put it there.
package struct SpectrumResult: Sendable, Codable, Hashable {
  package struct Shell: Sendable, Codable, Hashable {
    /// Cycles a voxel.
    package let frequency: Double
    /// `nil` where fewer than 50 independent coefficients were sampled, or missing.
    @Nullable package internal(set) var sampled: Double?
    @Nullable package internal(set) var missing: Double?
    @Nullable package internal(set) var noise: Double?
    @Nullable package internal(set) var isFilledIn: Bool?
    /// Whether tilts are too far apart to sample all of it: frequency × D × Δθ > 1.
    @Nullable package internal(set) var isBetweenTilts: Bool?
  }

  package let shells: [Shell]
  /// `1 / (D Δθ)`: up to here tilts sample an object of diameter D, in cycles a voxel.
  @Nullable package private(set) var tiltLimit: Double?
  /// The part of the power outside frequency 0 that lies where nothing was measured; `nil` where there is none.
  @Nullable package private(set) var missingShare: Double?

  static let fillFactor = 2.0

  /// Sums of the volume and of half the difference of the halves, where all tilts sample, where both halves
  /// do, and with a border around what is sampled.
  struct Sums {
    let sampled: ShellSums
    let halves: ShellSums
    let bordered: ShellSums
  }

  init(_ sums: Sums, tiltLimit: Double?) {
    let (sampled, missing) = (sums.sampled[.sampled, .all], sums.bordered[.missing, .all])
    let floor = sums.halves[.sampled, .all]
    let fraction = sums.sampled.independentFraction
    func mean(_ power: Double, _ count: Int) -> Double? {
      let independent = Double(count) / 2 * fraction
      return independent >= ShellCorrelation.fewest ? power / Double(count) : nil
    }
    let unit =
      sampled.dropFirst().compactMap { mean($0.first, $0.count) }.max().flatMap {
        $0 > 0 ? $0 : nil
      } ?? 1
    shells = sampled.indices.map { shell in
      let frequency = sums.sampled.frequency(shell)
      let power = mean(missing[shell].first, missing[shell].count).map { $0 / unit }
      let noise = mean(floor[shell].second, floor[shell].count).map { $0 / unit }
      return Shell(
        frequency: frequency,
        sampled: mean(sampled[shell].first, sampled[shell].count).map { $0 / unit },
        missing: power, noise: noise,
        isFilledIn: power.flatMap { power in noise.map { power > Self.fillFactor * $0 } },
        isBetweenTilts: tiltLimit.map { frequency > $0 })
    }
    self.tiltLimit = tiltLimit
    let parts = [sampled, sums.sampled[.missing, .all]].map {
      $0.dropFirst().reduce(0) { $0 + $1.first }
    }
    let power = parts[0] + parts[1]
    missingShare = power > 0 ? parts[1] / power : nil
  }

  /// The shells that are marked, as ranges of frequency.
  package var filledIn: [ClosedRange<Double>] {
    var ranges: [ClosedRange<Double>] = []
    var before = false
    for shell in shells {
      let isMarked = shell.isFilledIn == true
      if isMarked, before, let last = ranges.popLast() {
        ranges.append(last.lowerBound...shell.frequency)
      } else if isMarked {
        ranges.append(shell.frequency...shell.frequency)
      }
      before = isMarked
    }
    return ranges
  }
}
