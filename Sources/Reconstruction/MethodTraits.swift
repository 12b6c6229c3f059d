/// What planning a run and judging its result need to know of a method.
public struct MethodTraits: Sendable, Hashable {
  /// The strength of the prior.
  public enum Regularisation: Sendable, Hashable {
    /// The method has no prior.
    case none
    /// It is one of the method's settings.
    case fixed
    /// The run itself chooses it.
    case chosen
  }

  /// Whether the result is linear in the measurements: what halves of the tilts then have in common comes from
  /// the measurements. A prior, or voxels kept from being negative, can make halves alike by itself.
  public var isLinear: Bool
  /// Whether the method computes voxels in one pass and does not fit them to the series.
  public var isDirect: Bool
  /// For a method that fits counts, the flat background under them, in the units of the series; `nil` for others.
  public var countBackground: Double?
  /// Whether the method has a prior, and what sets its strength.
  public var regularisation: Regularisation
  /// Whether a run may begin at a given volume; others refuse one.
  public var acceptsStart: Bool
  /// Whether a run can be kept on its way and go on from there.
  public var isResumable: Bool
  /// How often an iteration projects the volume, and projects back.
  package var projectionsPerIteration = 1

  /// By default those of an iterative method without a prior whose result is not linear in the measurements.
  public init(
    isLinear: Bool = false, isDirect: Bool = false, countBackground: Double? = nil,
    regularisation: Regularisation = .none, acceptsStart: Bool = true, isResumable: Bool = false
  ) {
    (self.isLinear, self.isDirect, self.countBackground) = (isLinear, isDirect, countBackground)
    (self.regularisation, self.acceptsStart) = (regularisation, acceptsStart)
    self.isResumable = isResumable
  }
}
