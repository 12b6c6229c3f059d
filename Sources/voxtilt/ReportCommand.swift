import ArgumentParser
import Workflow

/// `voxtilt report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page that shows a volume and tells how it was made.",
    discussion: """
      The page NAME.html goes beside NAME.tif. It needs no network and no other file: sections with \
      sliders, a turning projection, convergence, and every fact of the sidecar NAME.json.

      EXAMPLES
        voxtilt report volume.tif
        voxtilt report volume.mrc --out pages/volume.html
      """)

  @Argument(help: "A volume with its sidecar beside it.") var volume: String
  @Option(help: "Where the page goes instead; .html.") var out: String?
  @Flag(help: "Nothing on standard error but failures.") var quiet = false
  @Flag(help: "Print one JSON object on standard output.") var json = false

  func validate() throws {
    if let out, !out.lowercased().hasSuffix(".html") {
      throw ValidationError("'\(out)' does not name a page. End --out in .html.")
    }
  }

  func run() throws {
    var follower = Follower(
      beforeFiles: { Interruption.holdFiles() }, isCancelled: { Interruption.wasAsked })
    if !quiet { follower.onProgress = ProgressBar().show }
    let receipt = try ReportRecipe(volume, to: out).run(follower)
    guard !json else { return try Terminal.printJSON(receipt) }
    guard !quiet else { return }
    for warning in receipt.warnings { Terminal.say("note: \(warning)") }
    Terminal.say(receipt.words)
  }
}

extension ReportRecipe.Receipt {
  /// `volume.html: 2.1 MB`
  var words: String {
    let binned = binning > 1 ? ", binned \(binning)×" : ""
    return "\(output): \(MemoryPlan.words(byteCount))\(binned)"
  }
}
