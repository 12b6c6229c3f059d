import AlgebraicReconstruction
import ArgumentParser
import FilteredBackProjection
import Projection
import Reconstruction
import Transforms
import Workflow

/// `voxtilt reconstruct`
struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Turn a tilt series into a volume.",
    discussion: """
      EXAMPLES
        voxtilt reconstruct s.tif --tilts -70:70:2 --method fbp --out fbp.tif
        voxtilt reconstruct s.mrc --tilts s.rawtlt --non-negative --out sirt.mrc
      """)

  enum MethodName: String, ExpressibleByArgument, CaseIterable { case fbp, sirt }

  @OptionGroup(title: "Tilt series") var series: SeriesOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "fbp (filtered back-projection) or sirt.")
  var method = MethodName.sirt

  @Option(
    parsing: .unconditional,
    help: "Voxels along the beam; as many as across the tilt axis by default.")
  var depth: Int?

  @Option(
    parsing: .unconditional,
    help: "Voxels across the tilt axis; as many as the detector has bins by default.")
  var width: Int?

  @Option(
    parsing: .unconditional,
    help: "Where the centre of the volume lies along the beam, in voxels from the tilt axis.")
  var zOffset = 0.0

  @OptionGroup(title: "fbp") var fbp: FBPOptions
  @OptionGroup(title: "sirt") var sirt: SIRTOptions
  @OptionGroup(title: "Run") var options: RunOptions

  @Option(
    help: "Bytes that the run may hold, such as 800M or 4G; what does not fit goes slab by slab.")
  var maxMemory = ByteCount.standard

  @Flag(help: "Say what would be done, the memory and an estimate of the time, and stop.")
  var dryRun = false

  func validate() throws {
    for (name, value) in [("--depth", depth), ("--width", width)] {
      if let value, !(1...65_536 ~= value) {
        throw ValidationError("\(name) \(value) is not usable. Give 1 to 65536 voxels.")
      }
    }
    switch method {
    case .fbp: try sirt.refuse(for: "fbp")
    case .sirt: try fbp.refuse(for: "sirt")
    }
  }

  func run() throws {
    let source = try series.source()
    let method: any SliceWiseMethod =
      switch method {
      case .fbp: fbp.method
      case .sirt: try sirt.method()
      }
    var recipe = ReconstructionRecipe(source, method, to: output.target(axis: series.tiltAxis))
    (recipe.width, recipe.depth) = (width, depth)
    (recipe.axisOffset, recipe.zOffset) = (series.axisOffset, zOffset)
    recipe.tiltOffset = series.tiltOffset
    (recipe.start, recipe.workers) = (sirt.`init`, options.workers)
    (recipe.memoryLimit, recipe.command) = (maxMemory.value, typedCommand)
    guard !dryRun else { return try DryRun(recipe).show(options) }
    let sidecar = try recipe.run(options.follower)
    let last = sidecar.history.last?.misfit.map { ", misfit \(Terminal.short($0))" } ?? ""
    let iterations = sidecar.iterations ?? 1
    let passes = iterations > 1 ? ", \(iterations) iterations\(last)" : ""
    try options.report(
      sidecar,
      "\(output.out): \(sidecar.method)\(passes), \(Terminal.short(sidecar.seconds.compute)) s")
  }
}

/// Settings of filtered back-projection; `nil` where the user said nothing.
struct FBPOptions: ParsableArguments {
  @Option(help: "ram-lak, shepp-logan, cosine, hamming or hann. (default: ram-lak)")
  var window: RampWindow?

  @Option(
    parsing: .unconditional,
    help: "The fraction of the Nyquist frequency above which nothing passes. (default: 1)")
  var cutoff: Double?

  @Option(help: "measured, or full: multiply by 180° / range to make up for the missing wedge.")
  var fbpScale: FilteredBackProjection.Scale?

  var method: FilteredBackProjection {
    FilteredBackProjection(
      window: window ?? .ramLak, cutoff: cutoff ?? 1, scale: fbpScale ?? .measured)
  }

  func validate() throws {
    if let cutoff, !(cutoff > 0 && cutoff <= 1) {
      throw ValidationError("--cutoff \(cutoff) is not a fraction of the Nyquist frequency.")
    }
  }

  func refuse(for method: String) throws {
    let used = [
      ("--window", window != nil), ("--cutoff", cutoff != nil), ("--fbp-scale", fbpScale != nil),
    ]
    try refuseOptions(used, for: method)
  }
}

/// Settings of SIRT; `nil` where the user said nothing.
struct SIRTOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Iterations at most. (default: 50)")
  var iterations: Int?

  @Option(parsing: .unconditional, help: "β, above 0 and below 2. (default: 1)")
  var relaxation: Float?

  @Flag(help: "Set negative voxels to zero after each iteration.")
  var nonNegative = false

  @Option(name: .customLong("init"), help: "A volume to start from, as large as the result.")
  var `init`: String?

  @Option(
    parsing: .unconditional, help: "End once the relative change of the volume falls below this.")
  var stopChange: Double?

  @Option(
    parsing: .unconditional,
    help: "The standard deviation of the noise in the series; end once the residual meets it.")
  var noise: Double?

  @Option(help: "joseph (thin rays) or strip (as wide as a bin, exact areas). (default: joseph)")
  var rays: RayModel?

  func method() throws -> SIRT {
    try SIRT(
      iterations: iterations ?? 50, relaxation: relaxation ?? 1, isNonNegative: nonNegative,
      stopRule: try StopRule(relativeChange: stopChange, noise: noise), rays: rays ?? .joseph)
  }

  func refuse(for method: String) throws {
    let used = [
      ("--iterations", iterations != nil), ("--relaxation", relaxation != nil),
      ("--non-negative", nonNegative), ("--init", `init` != nil),
      ("--stop-change", stopChange != nil), ("--noise", noise != nil), ("--rays", rays != nil),
    ]
    try refuseOptions(used, for: method)
  }
}

private func refuseOptions(_ used: [(name: String, isGiven: Bool)], for method: String) throws {
  if let option = used.first(where: \.isGiven) {
    throw ValidationError(
      "\(option.name) means nothing to --method \(method). Leave it away, or choose another method."
    )
  }
}
