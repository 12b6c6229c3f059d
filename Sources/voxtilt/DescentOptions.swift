import AlgebraicReconstruction
import ArgumentParser
import Fields

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

  func tvSART(_ iterative: IterativeOptions, _ axis: TiltAxis) throws -> TVSART {
    try TVSART(
      try iterative.sweeps(axis, count: 20, relaxation: 0.3), descent: try descent(.standard))
  }

  func asdPOCS(_ iterative: IterativeOptions, _ axis: TiltAxis) throws -> ASDPOCS {
    guard let noise = iterative.noise else {
      throw ValidationError(
        "--method asd-pocs fits the series to within its noise. Give --noise SIGMA.")
    }
    return try ASDPOCS(
      try iterative.sweeps(axis, count: 50, relaxation: 1, decay: 0.995),
      descent: try descent(.adaptive), noise: noise)
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
