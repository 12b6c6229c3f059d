import SeriesIO
import AlgebraicReconstruction
import ArgumentParser
import Fields
import VariationalReconstruction
import Inversion
import Projection
import Transforms
import Workflow

/// Settings of compressed sensing; `nil` where the user said nothing.
struct PriorOptions: ParsableArguments {
  @Option(
    help:
      "tv, tgv, tv+l1, wavelet, l1, gradient, l2, nlm (non-local mean), denoiser (a program), or auto: the one of tv, tgv, gradient and wavelet that predicts best. (default: tv)"
  )
  var regulariser: RegulariserArgument?

  @Option(
    parsing: .unconditional,
    help: "The strength of the prior, a number without dimension, or auto. (default: auto for cs)")
  var lambda: LambdaArgument?

  @Option(parsing: .unconditional, help: "The strength of the prior in absolute units.")
  var mu: Double?

  @Option(
    help: ArgumentHelp(
      "Rule of --lambda auto: held-out-tilts, compromise, discrepancy, l-curve, gcv or halving.",
      discussion: """
        For cs held-out-tilts from 20 tilts on and for counts, compromise from 5, else discrepancy, unless set. tv-sart and \
        asd-pocs take halving.
        """))
  var choose: RuleName<LambdaChooser>?

  @OptionGroup(title: "cs with --regulariser nlm or denoiser") var denoising: DenoiserOptions

  @Option(help: "The noise model of the fit: gaussian or poisson (counts). (default: gaussian)")
  var fidelity: FidelityName?

  @Option(parsing: .unconditional, help: "The share of l1 in tv+l1. (default: 10)")
  var l1Share: Double?

  @Option(
    parsing: .unconditional,
    help: "Of tgv: the weight of bends over that of slopes, per 64 voxels of the edge. (default: 2)"
  )
  var tgvRatio: Double?

  @Option(help: "haar, or db2 to db8. (default: db2)")
  var wavelet: WaveletName?

  @Option(
    parsing: .unconditional,
    help: """
      Number of wavelet levels (default: 4); for dart the grey levels, such as 0,1,2.5, or how many to estimate, 2 to 5.
      """)
  var levels: LevelsArgument?

  @Option(
    help: """
      A file with one weight per tilt, one per line, such as 1/variance, for a gaussian fit; or prepared, the weights in \
      the sidecar of the series.
      """)
  var tiltWeights: TiltWeightsArgument?

  @Option(
    help: """
      A stack like the series with one weight per value, such as 1/variance, for a gaussian fit; or transmission, exp(−value), \
      for a series that is −ln(counts / I₀).
      """)
  var weights: BinWeightsArgument?

  @Flag(help: "Allow negative voxels; otherwise cs and dart require x ≥ 0.")
  var unconstrained = false

  @Option(help: "primal-dual or fista. (default: primal-dual)")
  var solver: Solver?

  enum FidelityName: String, ExpressibleByArgument, CaseIterable { case gaussian, poisson }

  func validate() throws {
    if lambda != nil && mu != nil {
      throw ValidationError("Give either --lambda or --mu.")
    }
    if choose != nil, mu != nil || lambda?.value != nil {
      throw ValidationError("--choose requires --lambda auto.")
    }
    if l1Share != nil && regulariser?.kind != .tvL1 {
      throw ValidationError("--l1-share requires --regulariser tv+l1.")
    }
    if tgvRatio != nil && regulariser?.kind != .tgv {
      throw ValidationError("--tgv-ratio requires --regulariser tgv.")
    }
    try denoising.check(regulariser?.kind, hasStrength: lambda != nil || mu != nil || choose != nil)
    if wavelet != nil && regulariser?.kind != .wavelet {
      throw ValidationError("--wavelet requires --regulariser wavelet.")
    }
  }

  private func checkAuto() throws {
    guard regulariser == .auto else { return }
    guard mu == nil, lambda?.value == nil else {
      throw ValidationError(
        "--regulariser auto chooses λ, too. Remove --lambda and --mu, or name a regulariser.")
    }
    if let choose, !choose.rule.leavesTiltsOut {
      throw ValidationError(
        "--regulariser auto compares predictions. Use --choose held-out-tilts or compromise, or name a regulariser."
      )
    }
  }

  private func check(_ iterative: IterativeOptions, axes: DescentOptions) throws {
    if iterative.noise != nil,
      mu != nil || lambda?.value != nil || denoising.strength != nil || fidelity == .poisson
    {
      throw ValidationError(
        "--method cs uses --noise only to choose λ for a gaussian fit. Remove --noise.")
    }
    if levels != nil, regulariser?.kind != .wavelet || levels?.count == nil {
      throw ValidationError(
        "--levels requires --regulariser wavelet and a number, or --method dart.")
    }
    if iterative.nonNegative && unconstrained {
      throw ValidationError("Give either --non-negative or --unconstrained.")
    }
    if axes.tvAxes != nil, let kind = regulariser?.kind, [.l1, .l2, .denoiser].contains(kind) {
      throw ValidationError(
        "--tv-axes has no effect with --regulariser \(kind.rawValue). Remove it.")
    }
  }

  /// - Parameter weights: of all tilts; `nil` for those of a file that is named.
  func method(
    _ iterative: IterativeOptions, axes: DescentOptions, _ axis: TiltAxis, weights given: [Double]?
  ) throws -> CompressedSensing {
    try check(iterative, axes: axes)
    try checkAuto()
    var method = CompressedSensing()
    method.prior = Prior(regulariser?.kind ?? .tv)
    method.rivals = regulariser?.rivals(solver ?? .primalDual) ?? .none
    if axes.tvAxes == .slice { method.prior.reach = .slice }
    if let l1Share { method.prior.l1Share = l1Share }
    if let tgvRatio { method.prior.tgvRatio = tgvRatio }
    if let wavelet { method.prior.wavelet = wavelet.wavelet }
    if let count = levels?.count { method.prior.levels = count }
    denoising.set(&method.prior)
    method.strength =
      denoising.strength ?? mu.map { .mu($0) } ?? lambda?.value.map {
        .lambda($0)
      }
      ?? .chosen(choose?.rule, noise: iterative.noise)
    if fidelity == .poisson {
      method.fidelity = .poisson(background: iterative.background ?? 0)
    } else if iterative.background != nil {
      throw ValidationError("--background requires --fidelity poisson.")
    }
    if let iterations = iterative.iterations { method.iterationLimit = iterations }
    if let change = iterative.stopChange { method.tolerance = change }
    method.rays = iterative.rays ?? .joseph
    method.isNonNegative = !unconstrained
    method.binWeights = weights.map { $0.weights(axis) }
    method.tiltWeights = try given ?? tiltWeights?.file.map(readNumbers)
    if let solver { method.solver = solver }
    return method
  }

  var given: [GivenOption] {
    [
      GivenOption("--regulariser", regulariser != nil, [.cs]),
      GivenOption("--lambda", lambda != nil, [.cs, .tvSART, .asdPOCS]),
      GivenOption("--mu", mu != nil, [.cs]),
      GivenOption("--choose", choose != nil, [.cs, .tvSART, .asdPOCS]),
      GivenOption("--fidelity", fidelity != nil, [.cs]),
      GivenOption("--l1-share", l1Share != nil, [.cs]),
      GivenOption("--tgv-ratio", tgvRatio != nil, [.cs]),
      GivenOption("--wavelet", wavelet != nil, [.cs]),
      GivenOption("--levels", levels != nil, [.cs, .dart]),
      GivenOption("--tilt-weights", tiltWeights != nil, [.cs]),
      GivenOption("--weights", weights != nil, [.cs]),
      GivenOption("--unconstrained", unconstrained, [.cs, .dart]),
      GivenOption("--solver", solver != nil, [.cs]),
    ].compactMap(\.self) + denoising.given
  }
}

/// A number, or `auto`.
struct LambdaArgument: ExpressibleByArgument {
  /// `nil` for auto.
  let value: Double?

  init?(argument: String) {
    guard argument != "auto" else {
      value = nil
      return
    }
    guard let number = Double(argument), number > 0, number.isFinite else { return nil }
    value = number
  }
}

/// A file of weights, or `prepared`.
enum TiltWeightsArgument: ExpressibleByArgument {
  case prepared
  case file(String)

  init(argument: String) { self = argument == "prepared" ? .prepared : .file(argument) }

  var file: String? {
    if case .file(let path) = self { path } else { nil }
  }
}

/// A stack of weights, or `transmission`.
enum BinWeightsArgument: ExpressibleByArgument {
  case transmission
  case file(String)

  init(argument: String) { self = argument == "transmission" ? .transmission : .file(argument) }

  var file: String? {
    if case .file(let path) = self { path } else { nil }
  }

  func weights(_ axis: TiltAxis) -> BinWeights {
    switch self {
    case .transmission: .transmission
    case .file(let path): .stack(path: path, axis: axis)
    }
  }
}

/// A prior by its name, or `auto`.
enum RegulariserArgument: ExpressibleByArgument, Equatable {
  case auto
  case named(Prior.Kind)

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let kind = Prior.Kind(rawValue: argument) {
      self = .named(kind)
    } else {
      return nil
    }
  }

  /// The one that is tried first, for auto.
  var kind: Prior.Kind { if case .named(let kind) = self { kind } else { .tv } }

  /// Those that are tried besides, without tgv where fista could not solve for it: tv is told of where another was named.
  func rivals(_ solver: Solver) -> Rivals {
    switch self {
    case .auto: .taken(solver == .fista ? [.gradient, .wavelet] : [.tgv, .gradient, .wavelet])
    case .named(.tv), .named(.tvL1): .none
    case .named(.denoiser): .none
    case .named: .told([.tv])
    }
  }
}
