package import Fields
public import Records
public import Transforms

/// The Fourier shell correlation of two volumes, and where it falls below its thresholds: over all directions and within
/// three cones.
public struct CorrelationResult: Sendable, Codable, Hashable {
  /// Which coefficients of a shell are correlated: all of them, or those within 45° of an axis.
  public enum Direction: String, Sendable, Codable, CaseIterable {
    case all, x, y, z

    var cone: ShellSums.Cone {
      switch self {
      case .all: .all
      case .x: .x
      case .y: .y
      case .z: .z
      }
    }
  }

  package struct Point: Sendable, Codable, Hashable {
    /// Cycles per voxel.
    package let frequency: Double
    /// Sampled independent coefficients.
    package let coefficients: Double
    /// `nil`, *not measured*, where they are fewer than 50, or a volume has one value everywhere.
    @Nullable package private(set) var value: Double?
    /// The half-bit threshold, whose n is another: see `ShellCorrelation.Threshold.halfBit`.
    package let halfBit: Double

    init(_ point: ShellCorrelation.Point) {
      (frequency, coefficients) = (point.frequency, point.independent)
      value = point.value
      halfBit = ShellCorrelation.Threshold.halfBit.value(coefficients: point.noiseCoefficients)
    }
  }

  /// Where a correlation falls below one threshold.
  public struct Crossing: Sendable, Codable, Hashable {
    /// Whether there is such a place.
    public enum Outcome: String, Sendable, Codable {
      /// At ``frequency``, between two shells.
      case crossing
      /// The correlation is never below the threshold; the frequency is the last that was measured.
      case beyond
      /// The correlation is below it from the first measured shell on, whose frequency is given.
      case coarser
      /// Too few coefficients were compared, or a volume is constant.
      case notMeasured
    }
    /// What the correlation is compared with.
    public let threshold: ShellCorrelation.Threshold
    /// What ``frequency`` stands for.
    public let outcome: Outcome
    /// Cycles per voxel; `nil` where nothing was measured.
    @Nullable public private(set) var frequency: Double?
    /// The resolution 1 / frequency, in voxels.
    @Nullable public private(set) var voxels: Double?
    /// The same in nm; `nil` where the voxel size is not known.
    @Nullable public private(set) var nanometres: Double?

    init(
      _ threshold: ShellCorrelation.Threshold, _ resolution: ShellCorrelation.Resolution,
      voxelSize: Double?
    ) {
      let frequency: Double?
      switch resolution {
      case .crossing(let value): (outcome, frequency) = (.crossing, value)
      case .beyond(let value): (outcome, frequency) = (.beyond, value)
      case .coarser(let value): (outcome, frequency) = (.coarser, value)
      case .notMeasured: (outcome, frequency) = (.notMeasured, nil)
      }
      self.threshold = threshold
      let detail = frequency.flatMap { $0 > 0 ? 1 / $0 : nil }
      self.frequency = frequency
      voxels = detail
      nanometres = voxelSize.flatMap { size in detail.map { $0 * size } }
    }
  }

  /// The correlation of all shells in one direction.
  public struct Curve: Sendable, Codable, Hashable {
    /// The coefficients that were correlated.
    public let direction: Direction
    /// From frequency 0 to 1/2.
    package let points: [Point]
    /// One per threshold: 0.143, 0.5 and half-bit.
    public let crossings: [Crossing]

    package func crossing(_ threshold: ShellCorrelation.Threshold) -> Crossing? {
      crossings.first { $0.threshold == threshold }
    }
  }

  /// One per direction.
  public let curves: [Curve]
  /// nm
  @Nullable package private(set) var voxelSize: Double?

  /// - Parameter likeness: of the two; of constants nothing is measured.
  package init(_ sums: ShellSums, voxelSize: Double?, likeness: Likeness = .different) {
    let isMeasurable = if case .constant = likeness { false } else { true }
    curves = Direction.allCases.map { direction in
      let correlation = ShellCorrelation(
        sums, cone: direction.cone, isMeasurable: isMeasurable)
      return Curve(
        direction: direction, points: correlation.points.map(Point.init),
        crossings: ShellCorrelation.Threshold.allCases.map {
          Crossing($0, correlation.resolution($0), voxelSize: voxelSize)
        })
    }
    self.voxelSize = voxelSize
  }

  package subscript(direction: Direction) -> Curve? { curves.first { $0.direction == direction } }
}
