import ArgumentParser
import FilteredBackProjection
import Transforms

/// Settings of filtered back-projection; `nil` where the user said nothing.
struct FBPOptions: ParsableArguments {
  @Option(help: "ram-lak, shepp-logan, cosine, hamming or hann. (default: ram-lak)")
  var window: RampWindow?

  @Option(
    parsing: .unconditional,
    help: "The fraction of the Nyquist frequency above which nothing passes. (default: 1)")
  var cutoff: Double?

  @Option(help: "measured, or full: multiply by 180° / range to make up for the missing wedge.")
  var fbpScale: FilteredBackProjection.Scale?

  var method: FilteredBackProjection {
    FilteredBackProjection(
      window: window ?? .ramLak, cutoff: cutoff ?? 1, scale: fbpScale ?? .measured)
  }

  func validate() throws {
    if let cutoff, !(cutoff > 0 && cutoff <= 1) {
      throw ValidationError("--cutoff \(cutoff) is not a fraction of the Nyquist frequency.")
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
