import ArgumentParser

/// How a long run is kept on its way.
struct LongRunOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Save a checkpoint in OUT.checkpoint every N iterations, and when the run is \
      interrupted (exit code 75).
      """)
  var checkpointEvery: Int?

  @Flag(
    help: "Continue from OUT.checkpoint; the result has the same bytes as an uninterrupted run.")
  var resume = false

  @Flag(
    help: """
      Start from a run of half the iterations at half the resolution; for sirt, sart, os-sart, cgls, \
      mlem and osem.
      """)
  var multiresolution = false

  func validate() throws {
    if let checkpointEvery, checkpointEvery < 1 {
      throw ValidationError("--checkpoint-every must be 1 or more (got \(checkpointEvery)).")
    }
  }

  var given: [GivenOption] {
    [
      GivenOption(
        "--multiresolution", multiresolution, [.sirt, .sart, .osSART, .cgls, .mlem, .osem])
    ].compactMap(\.self)
  }
}
