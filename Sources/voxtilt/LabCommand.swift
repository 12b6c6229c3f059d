import ArgumentParser
import Lessons
import Reconstruction

/// `voxtilt lab`
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Compute the figures and numbers of the guide to deblurring.",
    discussion: """
      Each experiment writes NAME.csv, NAME.svg and NAME.json into the folder, which is created if it \
      is none.

      EXAMPLES
        voxtilt lab svd --out figures
        voxtilt lab all --out figures --json
      """)

  @Argument(help: "\(LabChoice.allNames), or all.") var name: LabChoice
  @Option(help: "The folder for the files.") var out: String
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    var reports: [Lab.Report] = []
    for lab in name.labs {
      let report = try lab.run(
        into: out, command: TypedCommand.words, overwrites: overwriting.force, messages.follower
      )
      reports.append(report)
      guard !messages.quiet else { continue }
      Terminal.say("\(report.title)")
      for (fact, value) in report.facts.sorted(by: { $0.key < $1.key }) {
        Terminal.say("  \(fact): \(Self.words(value))")
      }
    }
    guard messages.json else { return }
    if reports.count == 1 {
      try Terminal.printJSON(reports[0])
    } else {
      try Terminal.printJSON(["labs": reports])
    }
  }

  private static func words(_ setting: Setting) -> String {
    if case .number(let value) = setting { Terminal.short(value) } else { setting.description }
  }
}

/// The name of an experiment, or `all`.
struct LabChoice: ExpressibleByArgument {
  let labs: [Lab]

  init?(argument: String) {
    guard argument != "all" else {
      labs = Lab.allCases
      return
    }
    guard let lab = Lab(rawValue: argument) else { return nil }
    labs = [lab]
  }

  static var allNames: String { Lab.allCases.map(\.rawValue).joined(separator: ", ") }
}
