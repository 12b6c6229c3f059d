import ArgumentParser

@main
struct Voxtilt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voxtilt", abstract: "Electron tomography on ordinary processors.")
}
