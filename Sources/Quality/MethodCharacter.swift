public import Reconstruction
public import Records

/// What of a method decides how its result can be judged.
public struct MethodCharacter: Sendable, Codable, Hashable {
  /// What the correlation of halves is called.
  public enum Label: String, Sendable, Codable {
    /// A linear method: what halves have in common comes from the measurements.
    case resolution
    /// A prior, or voxels kept from being negative, can make halves alike by itself.
    case consistency
  }

  public let label: Label
  /// Whether the method computes voxels and does not fit the series.
  public let isDirect: Bool
  /// The background of measurements that are counts; `nil` for others.
  @Nullable public private(set) var countBackground: Double?

  public init(_ method: any ReconstructionMethod) {
    let traits = method.traits
    label = traits.isLinear ? .resolution : .consistency
    isDirect = traits.isDirect
    countBackground = traits.countBackground
  }
}
