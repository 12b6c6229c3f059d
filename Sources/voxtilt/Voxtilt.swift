import ArgumentParser

/// The command `voxtilt`.
@main
struct Voxtilt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voxtilt",
    abstract: "Electron tomography on ordinary processors.",
    discussion: """
      Lengths are in voxels and angles in degrees unless a unit is named. Every stack NAME.tif that \
      is written gets a sidecar NAME.json which tells how it was made.

      Exit codes: 0 done, 64 usage, 65 bad data, 66 no input, 69 processor not supported, 70 internal \
      fault, 73 cannot create output, 74 input/output error, 75 stopped with a checkpoint kept, 130 \
      interrupted.
      """,
    version: Terminal.version,
    subcommands: [
      Info.self, Reconstruct.self, Compare.self, Slices.self, PhantomCommand.self, Simulate.self,
      Wedge.self, QualityCommand.self, FSC.self, ReportCommand.self, PlanCommand.self,
      DamageCommand.self, ReplayCommand.self, Fuse.self,
    ])

  static func main() {
    Interruption.watch()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.end(with: error)
    }
  }
}
