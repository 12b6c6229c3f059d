import SeriesIO
import ArgumentParser
import Files
import Reconstruction
import Workflow

/// `voxtilt reconstruct`
struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Reconstruct a volume from a tilt series.",
    discussion: """
      EXAMPLES
        voxtilt reconstruct s.tif --tilts -70:70:2 --method fbp --out fbp.tif
        voxtilt reconstruct s.mrc --tilts s.rawtlt --non-negative --out sirt.mrc
        voxtilt reconstruct s.mrc --method cs --lambda auto --out cs.mrc
        voxtilt reconstruct s.mrc --iterations 500 --checkpoint-every 25 --out long.mrc
      """)

  @OptionGroup(title: "Tilt series") var series: SeriesOptions
  @OptionGroup(title: "Tilt series") var earlier: EarlierCheckOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(help: "Also write the page NAME.html, as voxtilt report does.")
  var report = false

  @Option(
    parsing: .unconditional,
    help: "Voxels along the beam; by default the number across the tilt axis.")
  var depth: Int?

  @Option(
    parsing: .unconditional,
    help: "Voxels across the tilt axis; by default the number of detector bins.")
  var width: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Extra voxels to reconstruct on either side of x without writing them, for an object wider than the field: a number, or \
      auto, as many as tilted rays see, at most the width of the volume.
      """)
  var extend: ExtensionArgument?

  @Option(
    parsing: .unconditional,
    help: "Position of the centre of the volume along the beam, in voxels from the tilt axis.")
  var zOffset = 0.0

  @OptionGroup(title: "Microscope") var microscope: OpticsOptions
  @OptionGroup(title: "Method") var choice: MethodOptions
  @OptionGroup(title: "Long runs") var long: LongRunOptions
  @OptionGroup(title: "Run") var options: RunOptions

  @Option(
    help: "Memory limit, such as 800M or 4G; larger runs are done slab by slab.")
  var maxMemory = ByteCount.standard

  @Flag(help: "Report what would be done, the memory and an estimate of the time, and stop.")
  var dryRun = false

  func validate() throws {
    for (name, value) in [("--depth", depth), ("--width", width)] {
      if let value, !(1...65_536 ~= value) {
        throw ValidationError("\(name) must be between 1 and 65536 voxels (got \(value)).")
      }
    }
    if let extend {
      if case .voxels(let count) = extend, !(1...32_768 ~= count) {
        throw ValidationError(
          "--extend must be between 1 and 32768 voxels (got \(count)), or auto.")
      }
      guard choice.iterative.`init` == nil && choice.iterative.mask == nil else {
        throw ValidationError(
          "--extend makes the volume wider than the file of --init or --mask. Remove one, "
            + "or give the full --width instead.")
      }
      guard choice.method != .fbp else {
        throw ValidationError(
          "--extend has no effect with --method fbp, which computes voxels independently. "
            + "Remove it, or choose another method.")
      }
    }
    guard !long.multiresolution || microscope.source == nil else {
      throw ValidationError(
        "--multiresolution computes its start without the point spread. Remove it, or --psf and --convergence."
      )
    }
    guard !long.multiresolution || !choice.iterative.belongsToFullSize else {
      throw ValidationError(
        "--multiresolution computes its own start at half the size, where --init, --mask and "
          + "--background do not fit. Remove them.")
    }
    guard choice.method != .fbp || microscope.source == nil else { throw Self.sharpFBP }
    try microscope.check(choice.iterative.rays)
    try choice.check(long.given + choice.givenNoise)
  }

  static let sharpFBP = ValidationError(
    "--psf and --convergence have no effect with --method fbp. Remove them, choose another method, or deblur the series first: voxtilt deblur."
  )

  func run() throws {
    let source = try series.source().checked(by: earlier.check)
    // Before they are read, so that what is read is known to be what was hashed.
    let companions = try [
      choice.iterative.mask, choice.prior.tiltWeights?.file, choice.prior.weights?.file,
      microscope.source?.path,
    ].compactMap(\.self).map { try Fingerprint(path: $0) }
    var recipe = ReconstructionRecipe(
      source, try choice.make(for: source, isBlurred: microscope.source != nil),
      to: output.target(axis: source.axis))
    recipe.optics = microscope.source
    if long.multiresolution {
      let method = recipe.method
      recipe.coarseMethod =
        try method.repeatable(iterations: max(1, method.iterationLimit / 2), lambda: nil)
        as? any SliceWiseMethod
    }
    (recipe.width, recipe.depth) = (width, depth)
    recipe.margin =
      extend?.count(source, width: width, depth: depth, tiltOffset: series.tiltOffset) ?? 0
    recipe.zOffset = zOffset
    recipe.tiltOffset = series.tiltOffset
    (recipe.start, recipe.workers) = (choice.iterative.`init`, options.workers)
    recipe.companions = companions
    (recipe.checkpointInterval, recipe.resumes) = (long.checkpointEvery, long.resume)
    // A run that was resumed is replayed in one go, to the same bytes.
    (recipe.memoryLimit, recipe.command) = (
      maxMemory.value, TypedCommand.words.filter { $0 != "--resume" }
    )
    let page = ReportRecipe.page(beside: output.out)
    if report {
      _ = try ReportRecipe.files(
        page, against: [series.series], overwrites: output.overwriting.force)
      recipe.isJudged = true
    }
    guard !dryRun else { return try DryRun(recipe).show(options) }
    let sidecar =
      try recipe.checkpoint.map { path in
        try Interruption.keeping(path) { try recipe.run(options.follower) }
      } ?? recipe.run(options.follower)
    if report {
      var page = ReportRecipe(output.out)
      page.overwrites = output.overwriting.force
      try page.measureQuality(options, limit: maxMemory.value, options.follower)
      _ = try page.run(options.follower)
    }
    let last = sidecar.history.last?.misfit.map { ", misfit \(Terminal.short($0))" } ?? ""
    let iterations = sidecar.iterations ?? 1
    let passes = iterations > 1 ? ", \(iterations) iterations\(last)" : ""
    let lambda = sidecar.lambda.map { ", λ \(Terminal.short($0))" } ?? ""
    let reason = sidecar.stopReason.map { " (\($0.words))" } ?? ""
    try options.report(
      sidecar,
      "\(output.out): \(sidecar.method)\(lambda)\(passes)\(reason), "
        + "\(Terminal.short(sidecar.seconds.compute)) s\(report ? ", report in \(page)" : "")")
  }
}

extension StopReason {
  /// For people.
  var words: String {
    switch self {
    case .direct: "direct"
    case .iterationLimit: "limit reached"
    case .settled: "settled"
    case .noiseReached: "noise reached"
    }
  }
}
