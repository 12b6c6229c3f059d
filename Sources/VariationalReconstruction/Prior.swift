public import Errors
public import Inversion
public import Transforms

/// What a compressed-sensing reconstruction believes about the specimen.
public struct Prior: Sendable, Hashable {
  /// `R(x)`, with forward differences `∇` and an orthogonal wavelet transform `W`.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// `Σ |∇x|`: few, sharp edges.
    case tv
    /// `Σ |∇x|`, and `Σ |x|` with a weight of its own: few, sharp edges in a vacuum.
    case tvL1 = "tv+l1"
    /// `Σ |W x|` over the details: few features at every scale.
    case wavelet
    /// `Σ |x|`: small dense things in a vacuum.
    case l1
    /// `½ Σ |∇x|²`: smooth everywhere (Tikhonov).
    case gradient
    /// `½ Σ x²`: small values, and nothing of neighbours (Tikhonov of order zero).
    case l2
    /// `min_w Σ |∇x − w| + r Σ |E w|`: slopes that change at few places, and few, sharp edges (total generalised variation).
    case tgv
    /// The non-local mean of Sreehari et al.: voxels are like those with similar surroundings.
    case nlm
    /// What a denoiser of the user's leaves.
    case denoiser

    /// Whether the length of the gradient is penalised.
    var isVariation: Bool { self == .tv || self == .tvL1 || self == .tgv }
    /// Whether a denoiser stands in the place of the prior, and μ is the square of its σ.
    package var isDenoiser: Bool { self == .nlm || self == .denoiser }
  }

  /// The other properties matter to some kinds only.
  public var kind: Kind
  /// Whether slices are linked along y, as by default; l1 and l2 link no voxels, and a program sees the whole volume.
  public var reach = SlabGradient.Reach.space
  /// Of `tv+l1`: the weight of l1 is `l1Share · μ / L`, with `L = √(width · depth)` in voxels. The default of 10
  /// changes errors by less than 0.6 %; 30 and more help objects in much vacuum and harm others.
  public var l1Share = 10.0
  /// Of `tgv`: `r = tgvRatio · L / 64`, with `L` as above: voxels at 64 an edge. Large ones come near to `tv`, small ones blur edges.
  public var tgvRatio = 2.0
  /// Of `wavelet`: Daubechies' with two vanishing moments by default.
  public var wavelet = Wavelet.db2
  /// Of `wavelet`: how often an axis is halved at most. One of odd length, or shorter than the filter, is left whole.
  public var levels = 4
  /// Of `nlm`: how far similar voxels are looked for, in voxels; by default 2, and 5 in slices by themselves.
  package var window: Int?
  /// Of `nlm`: iterations in which the guide follows the volume.
  package var freezeAfter = 60
  /// Of `nlm` and `denoiser`.
  package var form = PlugAndPlay.Form.proximal
  /// Of `denoiser`: the program, and what stops it.
  package var program: DenoiserProgram?

  /// The kind with the default of every other property.
  public init(_ kind: Kind) { self.kind = kind }
}

/// How strongly the prior is weighed against the measurement.
public enum Strength: Sendable, Hashable {
  /// `μ = λ μ_ref`, where `μ_ref` scales with brightness, tilts and voxels, so that λ means much the same for all series
  /// (`ReferenceStrength`).
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
  case binWeight(Float)
  case binWeightShape(String, found: String, String)
  case weightedCounts
  case emptySeries
  case noPrediction
  case chosenStrength
  case descentOfTGV
  case noProgram
  case noPenalty(ChoiceRule)

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
    case .binWeight(let value):
      "The weight of a bin must be 0, to leave it out, or a positive number, and not 0 for all (got \(value))."
    case .binWeightShape(let path, let found, let expected):
      "The weights '\(path)' have \(found), and the series has \(expected). Give one weight for each value of the series."
    case .weightedCounts:
      "A fit of counts already weights each bin. Remove the weights, or fit Gaussian noise."
    case .noPrediction:
      "Priors are compared by how they predict left-out tilts. Choose λ by held-out-tilts or compromise, or name a prior."
    case .chosenStrength:
      "Halves must share one strength. Give --lambda with the value that the volume was made with."
    case .descentOfTGV:
      "The prior tgv has unknowns of its own, which fista cannot solve for. Use the solver primal-dual, or another prior."
    case .noProgram:
      "The prior denoiser needs a program. Give --denoiser COMMAND."
    case .noPenalty(let rule):
      "A denoiser has no penalty that \(rule.rawValue) could look at. Choose λ by held-out-tilts, compromise or discrepancy."
    case .emptySeries:
      "The series contains only zeros, so no strength can be scaled to it. Give mu instead."
    }
  }
}
