import AlgebraicReconstruction
import ArgumentParser
import Fields
import Inversion

/// How total variation is descended between sweeps; `nil` where the user said nothing.
struct DescentOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Steps after each sweep. (default: 10 for tv-sart, 20 for asd-pocs)")
  var tvSteps: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The length of a step relative to that of the sweep. (default: 0.1 for tv-sart, 0.2 for asd-pocs)
      """)
  var tvFactor: Float?

  @Option(help: "volume (x, y and z) or slice (x and z). (default: volume)")
  var tvAxes: VariationAxes?

  func tvSART(
    _ iterative: IterativeOptions, _ prior: PriorOptions, _ axis: TiltAxis
  ) throws -> TVSART {
    try TVSART(
      try iterative.sweeps(axis, count: 20, relaxation: 0.3), descent: try descent(.standard),
      strength: try strength(iterative, prior))
  }

  func asdPOCS(
    _ iterative: IterativeOptions, _ prior: PriorOptions, _ axis: TiltAxis
  ) throws -> ASDPOCS {
    let sweeps = try iterative.sweeps(axis, count: 50, relaxation: 1, decay: 0.995)
    if case .halved(let noise) = try strength(iterative, prior) {
      return try ASDPOCS(sweeps, descent: try descent(.adaptive), halvingTo: noise)
    }
    guard let noise = iterative.noise else {
      throw ValidationError(
        "--method asd-pocs fits the series to within its noise. Give --noise SIGMA, or --choose halving, which estimates it."
      )
    }
    return try ASDPOCS(
      sweeps, descent: try descent(.adaptive), noise: noise, lambda: prior.lambda?.value)
  }

  private func strength(
    _ iterative: IterativeOptions, _ prior: PriorOptions
  ) throws -> TVStrength {
    if let rule = prior.choose?.rule, rule != .halving {
      throw ValidationError(
        "--choose \(rule.rawValue) requires --method cs. tv-sart and asd-pocs take --choose halving."
      )
    }
    guard prior.choose != nil || prior.lambda != nil else { return .sweep }
    guard tvFactor == nil else {
      throw ValidationError("--lambda and --choose replace --tv-factor. Remove it.")
    }
    return prior.lambda?.value.map(TVStrength.lambda) ?? .halved(noise: iterative.noise)
  }

  private func descent(_ standard: TVDescent) throws -> TVDescent {
    try TVDescent(
      steps: tvSteps ?? standard.steps, factor: tvFactor ?? standard.factor,
      smoothing: standard.smoothing, axes: tvAxes ?? standard.axes)
  }

  var given: [GivenOption] {
    let descending: Set<MethodName> = [.tvSART, .asdPOCS]
    return [
      GivenOption("--tv-steps", tvSteps != nil, descending),
      GivenOption("--tv-factor", tvFactor != nil, descending),
      GivenOption("--tv-axes", tvAxes != nil, descending.union([.cs])),
    ].compactMap(\.self)
  }
}
