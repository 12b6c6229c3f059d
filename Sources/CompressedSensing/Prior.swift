public import Errors
public import Inversion
public import Transforms

/// What a compressed-sensing reconstruction believes about the specimen.
public struct Prior: Sendable, Hashable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Few, sharp edges.
    case tv
    /// Few, sharp edges, and little but vacuum.
    case tvL1 = "tv+l1"
    /// Few features at every scale.
    case wavelet
    /// Little but vacuum.
    case l1
    /// Smooth everywhere.
    case gradient
  }

  public var kind: Kind
  /// Whether slices are linked.
  public var reach = SlabGradient.Reach.space
  /// The dimensionless strength of l1 beside that of tv, in `tv+l1`: about as much as costs nothing where the object is no vacuum.
  public var l1Share = 10.0
  public var wavelet = Wavelet.db2
  /// How often the wavelet halves an axis at most.
  public var levels = 4

  public init(_ kind: Kind) { self.kind = kind }
}

/// How strongly the prior is weighed against the measurement.
public enum Strength: Sendable, Hashable {
  /// `μ = λ μ_ref`; see ``ReferenceStrength``.
  case lambda(Double)
  /// `μ` itself.
  case mu(Double)
  /// λ is chosen for the series by a rule, or the one that suits the number of tilts; the noise is
  /// the standard deviation of the measurements, where it is known.
  case chosen(ChoiceRule?, noise: Double?)

  /// λ is chosen from the series by the rule that suits the number of tilts.
  public static let automatic = Strength.chosen(nil, noise: nil)
}

/// How the minimum is found.
public enum Solver: String, Sendable, Codable, CaseIterable {
  /// `PrimalDual`: the leaner and, for tv, the faster of the two.
  case primalDual = "primal-dual"
  /// `ProximalGradient`, with restart.
  case fista
}

/// The noise that the fit assumes.
public enum Fidelity: Sendable, Hashable {
  /// `½ Σ w (Hx − y)²`
  case gaussian
  /// `Σ Hx + b − y log(Hx + b)` for counts over a known background `b`.
  case poisson(background: Float)
}

/// Why compressed sensing could not be set up.
public enum CompressedSensingError: CategorisedError, Equatable {
  case strength(Double)
  case tiltWeightCount(Int, tilts: Int)
  case tiltWeight(Double)
  case weightedCounts
  case emptySeries
  case noPrediction
  case chosenStrength

  public var category: ErrorCategory {
    self == .emptySeries ? .badData : .usage
  }

  public var description: String {
    switch self {
    case .strength(let value):
      "The strength must be a positive number (got \(value))."
    case .tiltWeightCount(let count, let tilts):
      "There are \(count) tilt weights for \(tilts) tilts. Give one per tilt."
    case .tiltWeight(let value):
      "A tilt weight must be 0, to leave the tilt out, or a positive number (got \(value))."
    case .weightedCounts:
      "A fit of counts already weights each tilt. Remove the tilt weights, or fit Gaussian noise."
    case .noPrediction:
      "Priors are compared by how they predict left-out tilts. Choose λ by held-out-tilts or compromise, or name a prior."
    case .chosenStrength:
      "Halves must share one strength. Give --lambda with the value that the volume was made with."
    case .emptySeries:
      "The series contains only zeros, so no strength can be scaled to it. Give mu instead."
    }
  }
}
