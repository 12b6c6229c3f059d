import Reconstruction

/// How DART goes about it.
public struct DiscreteSchedule: Sendable, Hashable {
  /// The probability with which a voxel inside a region is freed.
  public let freeFraction: Double
  /// `b`: how much of the mean of its neighbours a free voxel takes.
  public let smoothing: Float
  /// Iterations of the updates on the free voxels, in each iteration.
  public let innerIterations: Int
  /// Iterations of the updates on all voxels, before the first segmentation.
  public let startIterations: Int
  /// Whether neighbours are those in the slice alone.
  public let axes: VariationAxes
  /// Of the voxels that are freed.
  public let seed: UInt64

  /// A tenth of the voxels, 0.3, 10 and 50 iterations, across slices, too.
  public static let standard = DiscreteSchedule()

  private init() {
    (freeFraction, smoothing, innerIterations, startIterations) = (0.1, 0.3, 10, 50)
    (axes, seed) = (.volume, 1)
  }

  /// - Throws: ``AlgebraicError/share(name:_:)`` unless both parts lie in 0 to 1, or `ReconstructionError.iterations`.
  public init(
    freeFraction: Double = 0.1, smoothing: Float = 0.3, innerIterations: Int = 10,
    startIterations: Int = 50, axes: VariationAxes = .volume, seed: UInt64 = 1
  ) throws {
    for (name, value) in [("free fraction", freeFraction), ("smoothing", Double(smoothing))]
    where !(0...1 ~= value) { throw AlgebraicError.share(name: name, value) }
    for count in [innerIterations, startIterations] where count < 1 {
      throw ReconstructionError.iterations(count)
    }
    (self.freeFraction, self.smoothing, self.axes) = (freeFraction, smoothing, axes)
    (self.innerIterations, self.startIterations) = (innerIterations, startIterations)
    self.seed = seed
  }
}

extension DiscreteSchedule: Codable {
  private enum CodingKeys: String, CodingKey {
    case freeFraction, smoothing, innerIterations, startIterations, seed
    case axes = "neighbours"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      freeFraction: keys.decode(Double.self, forKey: .freeFraction),
      smoothing: keys.decode(Float.self, forKey: .smoothing),
      innerIterations: keys.decode(Int.self, forKey: .innerIterations),
      startIterations: keys.decode(Int.self, forKey: .startIterations),
      axes: keys.decode(VariationAxes.self, forKey: .axes),
      seed: keys.decode(UInt64.self, forKey: .seed))
  }
}
