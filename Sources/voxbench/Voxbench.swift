import ArgumentParser

/// The command `voxbench`.
@main
struct Voxbench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voxbench",
    abstract: "Timings of Voxtilt against a baseline in the same run.",
    subcommands: [ProjectorBenchmark.self])
}
