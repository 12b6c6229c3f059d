import ArgumentParser
import Quality
import Reconstruction
import Workflow

/// `voxtilt report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page that shows a volume and how it was made.",
    discussion: """
      The page NAME.html is written next to NAME.tif. It needs no network and no other file: slices with \
      sliders, a rotating projection, convergence, sampling of the tilts, quality without a truth, and \
      every fact of the sidecar NAME.json. Where quality was not measured yet and the series is still \
      there, it is measured first, in 2.7 times the time of the reconstruction; --quick skips this.

      EXAMPLES
        voxtilt report volume.tif
        voxtilt report volume.mrc --quick --out pages/volume.html
      """)

  @Argument(help: "A volume with its sidecar next to it.") var volume: String
  @Option(help: "Another name of the page; .html.") var out: String?
  @Flag(help: "Do not measure quality first.") var quick = false
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if let out, !out.lowercased().hasSuffix(".html") {
      throw ValidationError("'\(out)' is not the name of a page. End --out in .html.")
    }
  }

  func run() throws {
    let follower = options.follower
    var recipe = ReportRecipe(volume, to: out)
    recipe.memoryLimit = memory.maxMemory.value
    recipe.overwrites = overwriting.force
    try recipe.check()
    let measuring = quick ? nil : try? recipe.unmeasuredQuality(options, limit: recipe.memoryLimit)
    let needs = [try recipe.memory(), try measuring?.memory()].compactMap(\.self)
    if memory.dryRun, let most = needs.max(by: { $0.byteCount < $1.byteCount }),
      try memory.isAnswered(by: most, json: options.json)
    {
      return
    }
    if !quick { try recipe.measureQuality(options, limit: recipe.memoryLimit, follower) }
    let receipt = try recipe.run(follower)
    guard !options.json else { return try Terminal.printJSON(receipt) }
    guard !options.quiet else { return }
    for warning in receipt.warnings { Terminal.say("note: \(warning)") }
    Terminal.say(receipt.words)
  }
}

extension ReportRecipe {
  /// The measurement of quality that these bytes still lack; `nil` where it was done or cannot be.
  func unmeasuredQuality(_ options: RunOptions, limit: Int) throws -> QualityRecipe? {
    guard var recipe = try QualityRecipe.lacking(volume, methods: .standard) else { return nil }
    recipe.command = ["quality", volume] + (options.threads.map { ["--threads", "\($0)"] } ?? [])
    (recipe.workers, recipe.memoryLimit) = (options.workers, limit)
    return recipe
  }

  /// Measures quality where that was not done of these bytes; what stands against it is told on the page.
  ///
  /// - Parameter limit: bytes that the measurement may hold.
  mutating func measureQuality(
    _ options: RunOptions, limit: Int, _ follower: Follower
  ) throws {
    do {
      guard let recipe = try unmeasuredQuality(options, limit: limit) else { return }
      _ = try recipe.run(follower)
    } catch ReconstructionError.interrupted {
      throw ReconstructionError.interrupted
    } catch {
      unmeasured = Voxtilt.message(for: error)
    }
  }
}

extension ReportRecipe.Receipt {
  /// `volume.html: 2.1 MB`
  var words: String {
    let binned = binning > 1 ? ", binned \(binning)×" : ""
    return "\(output): \(MemoryPlan.words(byteCount))\(binned)"
  }
}
