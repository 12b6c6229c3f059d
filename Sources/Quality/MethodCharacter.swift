package import Reconstruction
package import Records

/// What of a method decides how its result can be judged.
package struct MethodCharacter: Sendable, Codable, Hashable {
  /// What the correlation of halves is called.
  package enum Label: String, Sendable, Codable {
    /// A linear method: what halves have in common comes from the measurements.
    case resolution
    /// A prior, or voxels kept from being negative, can make halves alike by itself.
    case consistency
  }

  package let label: Label
  /// Whether the method computes voxels and does not fit the series.
  package let isDirect: Bool
  /// The background of measurements that are counts; `nil` for others.
  @Nullable package private(set) var countBackground: Double?

  package init(_ method: any ReconstructionMethod) {
    let traits = method.traits
    label = traits.isLinear ? .resolution : .consistency
    isDirect = traits.isDirect
    countBackground = traits.countBackground
  }
}
