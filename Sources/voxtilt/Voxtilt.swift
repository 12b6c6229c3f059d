import ArgumentParser

/// The command `voxtilt`.
@main
struct Voxtilt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voxtilt",
    abstract: "Electron tomography on ordinary processors.",
    discussion: """
      Lengths are in voxels and angles in degrees unless a unit is given. Every stack NAME.tif that \
      is written gets a sidecar NAME.json that records how it was made.

      Exit codes: 0 done, 64 usage, 65 bad data, 66 no input, 69 processor not supported, 70 internal \
      fault, 73 cannot create output, 74 input/output error, 75 stopped with a checkpoint kept, 130 \
      interrupted.
      """,
    version: Terminal.version,
    subcommands: [
      PipelineCommand.self, Info.self, CheckCommand.self, PrepareCommand.self, AlignCommand.self,
      Reconstruct.self, Compare.self, Slices.self, PhantomCommand.self, Simulate.self, Wedge.self,
      QualityCommand.self, FSC.self, ReportCommand.self, PlanCommand.self, DamageCommand.self,
      Deblur.self, SpectrumCommand.self, SpectraCommand.self, Fuse.self, LabCommand.self,
      ReplayCommand.self,
    ])

  static func main() {
    Terminal.occupyStreams()
    CrashGuard.install()
    Interruption.watch()
    do {
      try TypedCommand.check()
      var command = try parseAsRoot(Array(CommandLine.arguments.dropFirst()))
      try command.run()
      try Terminal.checkOutput()
      CrashGuard.leave(0)
    } catch {
      Failure.end(with: error)
    }
  }
}
