import ArgumentParser

/// The command `voxbench`.
@main
struct Voxbench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voxbench",
    abstract: "Timings of Voxtilt, and studies of its methods against known truths.",
    subcommands: [ProjectorBenchmark.self, MethodsBenchmark.self, StudyCommand.self])
}
