import ArgumentParser

/// How a long run is kept on its way.
struct LongRunOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Keep the run in OUT.checkpoint after this many iterations, again and again, and where it is \
      interrupted (exit code 75).
      """)
  var checkpointEvery: Int?

  @Flag(help: "Go on from OUT.checkpoint, to the same bytes as in one go.")
  var resume = false

  @Flag(
    help: """
      Begin from a run of half the iterations at half the resolution; sirt, sart, os-sart, cgls, \
      mlem and osem.
      """)
  var multiresolution = false

  func validate() throws {
    if let checkpointEvery, checkpointEvery < 1 {
      throw ValidationError("--checkpoint-every \(checkpointEvery) cannot work. Give 1 or more.")
    }
  }

  var given: [GivenOption] {
    [
      GivenOption(
        "--multiresolution", multiresolution, [.sirt, .sart, .osSART, .cgls, .mlem, .osem])
    ].compactMap(\.self)
  }
}
