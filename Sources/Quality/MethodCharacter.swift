public import Reconstruction

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

  /// Methods that are linear in the measurements as long as no voxel is clipped.
  private static let linear: Set<String> = ["fbp", "sirt", "sart", "os-sart", "cgls"]

  public init(_ method: any ReconstructionMethod) {
    let settings = method.settings
    let isClipped = settings["nonNegative"] == .flag(true) || settings["upperBound"] != nil
    label = Self.linear.contains(method.name) && !isClipped ? .resolution : .consistency
    isDirect = method.name == "fbp"
    let takesCounts =
      ["mlem", "osem"].contains(method.name) || settings["fidelity"] == .text("poisson")
    _countBackground = Nullable(
      wrappedValue: takesCounts ? settings["background"]?.value ?? 0 : nil)
  }
}

extension Setting {
  fileprivate var value: Double? {
    switch self {
    case .number(let value): value
    case .count(let value): Double(value)
    case .text, .flag: nil
    }
  }
}
