import ArgumentParser
import Inversion
import VariationalReconstruction

/// Settings of priors that a denoiser stands for; `nil` where the user said nothing.
struct DenoiserOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help:
      "Of nlm and denoiser: the noise σ that is taken out, in units of the volume; instead of --lambda."
  )
  var denoiserStrength: Double?

  @Option(
    parsing: .unconditional,
    help:
      "Of denoiser: a program that is called as COMMAND INPUT OUTPUT SIGMA, with volumes in MRC files."
  )
  var denoiser: String?

  @Flag(
    help:
      "Of nlm and denoiser D: take x − D(x) as the gradient of the prior (RED), not D as its proximal map."
  )
  var red = false

  @Option(
    parsing: .unconditional,
    help: "Of nlm: how far similar voxels are looked for, in voxels. (default: 2, in slices 5)")
  var nlmWindow: Int?

  @Option(
    parsing: .unconditional,
    help: "Of nlm: iterations after which its weights are frozen. (default: 60)")
  var nlmFreeze: Int?

  /// - Parameters:
  ///   - kind: of the regulariser that was named.
  ///   - hasStrength: whether λ, μ or a rule was.
  func check(_ kind: Prior.Kind?, hasStrength: Bool) throws {
    if (denoiser != nil) != (kind == .denoiser) {
      throw ValidationError(
        "--regulariser denoiser and --denoiser COMMAND belong together. Give both, or neither.")
    }
    if (red || denoiserStrength != nil) && kind?.isDenoiser != true {
      throw ValidationError(
        "--red and --denoiser-strength require --regulariser nlm or denoiser.")
    }
    if (nlmWindow != nil || nlmFreeze != nil) && kind != .nlm {
      throw ValidationError("--nlm-window and --nlm-freeze require --regulariser nlm.")
    }
    if denoiserStrength != nil && hasStrength {
      throw ValidationError("Give either --denoiser-strength or --lambda, --mu and --choose.")
    }
    if let σ = denoiserStrength, !(σ > 0 && σ.isFinite) {
      throw ValidationError("--denoiser-strength must be a positive number (got \(σ)).")
    }
    for (name, value) in [("--nlm-window", nlmWindow), ("--nlm-freeze", nlmFreeze)] {
      if let value, !(1...1000).contains(value) {
        throw ValidationError("\(name) must be between 1 and 1000 (got \(value)).")
      }
    }
    if let denoiser, denoiser.allSatisfy(\.isWhitespace) {
      throw ValidationError("--denoiser names no program.")
    }
  }

  func set(_ prior: inout Prior) {
    if let denoiser { prior.program = DenoiserProgram(command: denoiser) }
    if red { prior.form = .gradient }
    prior.window = nlmWindow
    if let nlmFreeze { prior.freezeAfter = nlmFreeze }
  }

  /// `μ = σ²`
  var strength: Strength? { denoiserStrength.map { .mu($0 * $0) } }

  var given: [GivenOption] {
    [
      GivenOption("--denoiser-strength", denoiserStrength != nil, [.cs]),
      GivenOption("--denoiser", denoiser != nil, [.cs]),
      GivenOption("--red", red, [.cs]),
      GivenOption("--nlm-window", nlmWindow != nil, [.cs]),
      GivenOption("--nlm-freeze", nlmFreeze != nil, [.cs]),
    ].compactMap(\.self)
  }
}
