public import Fields
public import Projection
package import Records
import Transforms

/// How much of a volume's energy lies in the sampled and how much in the missing part of Fourier space.
///
/// Energy is `Σ |F|² / N = Σ v²` without the mean (frequency 0), inside the ball of the Nyquist
/// frequency. Of a difference between an estimate and the truth it is the error, split likewise.
public struct EnergySplit: Sendable, Hashable, Encodable {
  /// The energy of some Fourier coefficients, sampled and missing.
  public struct Share: Sendable, Hashable, Encodable {
    /// `Σ |F|² / N` over the coefficients that the tilts sample, N the number of voxels.
    public let sampled: Double
    /// The same over those that they leave out.
    public let missing: Double
    /// Coefficients that the tilts sample; `k` and `−k` are both counted.
    public let sampledCount: Int
    /// Coefficients that they leave out, counted likewise.
    public let missingCount: Int

    /// The part of the energy that was not measured; `nil` where there is no energy.
    @Nullable package private(set) var missingFraction: Double?
    /// The mean energy of a missing coefficient over that of a sampled one; `nil` where there is none.
    @Nullable package private(set) var perCoefficientRatio: Double?

    init(sampled: Double, missing: Double, sampledCount: Int, missingCount: Int) {
      (self.sampled, self.missing) = (sampled, missing)
      (self.sampledCount, self.missingCount) = (sampledCount, missingCount)
      missingFraction = sampled + missing > 0 ? missing / (sampled + missing) : nil
      guard sampledCount > 0, missingCount > 0, sampled > 0 else { return }
      perCoefficientRatio = missing / Double(missingCount) / (sampled / Double(sampledCount))
    }
  }

  /// All directions.
  public let all: Share
  /// Within 45° of x, y and z.
  package let x: Share
  package let y: Share
  package let z: Share
  /// The frequency of each shell in cycles per voxel, from the first above zero.
  package let frequencies: [Double]
  /// One per shell, all directions.
  package let shells: [Share]

  /// Splits the energy of a volume. Cost: one Fourier transform of the volume.
  public init(_ volume: Volume, _ coverage: TiltCoverage, workers: Workers = .all) {
    self.init(volume, volume, coverage, workers) { $0.first }
  }

  /// Splits the energy of `estimate − truth`. Both volumes must have the same shape.
  public init(
    errorOf estimate: Volume, against truth: Volume, _ coverage: TiltCoverage,
    workers: Workers = .all
  ) {
    self.init(estimate, truth, coverage, workers) { $0.difference }
  }

  private init(
    _ a: Volume, _ b: Volume, _ coverage: TiltCoverage, _ workers: Workers,
    _ energy: @escaping (ShellSums.Sum) -> Double
  ) {
    let sums = ShellSums(
      SpectrumPair(a, b, workers: workers),
      mask: coverage.mask(width: a.shape.width, depth: a.shape.depth), workers: workers)
    let voxels = Double(a.shape.slabs.valueCount)
    func share(_ sampled: ShellSums.Sum, _ missing: ShellSums.Sum) -> Share {
      Share(
        sampled: energy(sampled) / voxels, missing: energy(missing) / voxels,
        sampledCount: sampled.count, missingCount: missing.count)
    }
    func whole(_ cone: ShellSums.Cone) -> Share {
      let parts = ShellSums.Part.allCases.map {
        sums[$0, cone].dropFirst().reduce(ShellSums.Sum(), +)
      }
      return share(parts[0], parts[1])
    }
    (all, x, y, z) = (whole(.all), whole(.x), whole(.y), whole(.z))
    let pairs = zip(sums[.sampled, .all], sums[.missing, .all]).dropFirst()
    shells = pairs.map { share($0, $1) }
    frequencies = shells.indices.map { sums.frequency($0 + 1) }
  }
}
