import ArgumentParser
import AnalyticReconstruction
import Transforms

/// Settings of filtered back-projection; `nil` where the user said nothing.
struct FBPOptions: ParsableArguments {
  @Option(help: "ram-lak, shepp-logan, cosine, hamming or hann. (default: ram-lak)")
  var window: RampWindow?

  @Option(
    parsing: .unconditional,
    help: "Cut-off frequency, as a fraction of the Nyquist frequency. (default: 1)")
  var cutoff: Double?

  @Option(help: "measured, or full: multiply by 180° / range to compensate for the missing wedge.")
  var fbpScale: FilteredBackProjection.Scale?

  var method: FilteredBackProjection {
    FilteredBackProjection(
      window: window ?? .ramLak, cutoff: cutoff ?? 1, scale: fbpScale ?? .measured)
  }

  func validate() throws {
    if let cutoff, !(cutoff > 0 && cutoff <= 1) {
      throw ValidationError(
        "--cutoff must be a fraction of the Nyquist frequency, above 0 and at most 1 (got \(cutoff))."
      )
    }
  }

  var given: [GivenOption] {
    [
      GivenOption("--window", window != nil, [.fbp]),
      GivenOption("--cutoff", cutoff != nil, [.fbp]),
      GivenOption("--fbp-scale", fbpScale != nil, [.fbp]),
    ].compactMap(\.self)
  }
}
