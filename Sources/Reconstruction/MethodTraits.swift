/// What of a method decides how its runs are planned and its results judged.
public struct MethodTraits: Sendable, Hashable {
  /// The strength of the prior.
  public enum Regularisation: Sendable, Hashable {
    /// The method has no prior.
    case none
    case fixed
    /// The run itself chooses it.
    case chosen
  }

  /// Whether the result is linear in the measurements: what halves of the tilts then have in common comes from
  /// the measurements. A prior, or voxels kept from being negative, can make halves alike by itself.
  public var isLinear: Bool
  /// Whether the method computes voxels and does not fit the series.
  public var isDirect: Bool
  /// The background of measurements that are counts; `nil` for others.
  public var countBackground: Double?
  public var regularisation: Regularisation
  /// Whether a start volume means anything to it.
  public var acceptsStart: Bool
  /// Whether a run can be kept on its way and go on from there.
  public var isResumable: Bool

  public init(
    isLinear: Bool = false, isDirect: Bool = false, countBackground: Double? = nil,
    regularisation: Regularisation = .none, acceptsStart: Bool = true, isResumable: Bool = false
  ) {
    (self.isLinear, self.isDirect, self.countBackground) = (isLinear, isDirect, countBackground)
    (self.regularisation, self.acceptsStart) = (regularisation, acceptsStart)
    self.isResumable = isResumable
  }
}
