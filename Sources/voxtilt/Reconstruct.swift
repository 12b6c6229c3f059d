import ArgumentParser
import Reconstruction
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
        voxtilt reconstruct s.mrc --method cs --lambda auto --out cs.mrc
        voxtilt reconstruct s.mrc --iterations 500 --checkpoint-every 25 --out long.mrc
      """)

  @OptionGroup(title: "Tilt series") var series: SeriesOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "\(MethodName.list).")
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
    help: """
      Voxels to reconstruct beyond either side of x and not write; for an object wider than the view.
      """)
  var extend: Int?

  @Option(
    parsing: .unconditional,
    help: "Where the centre of the volume lies along the beam, in voxels from the tilt axis.")
  var zOffset = 0.0

  @OptionGroup(title: "fbp") var fbp: FBPOptions
  @OptionGroup(title: "Iterative methods") var iterative: IterativeOptions
  @OptionGroup(title: "tv-sart and asd-pocs") var descent: DescentOptions
  @OptionGroup(title: "cs") var prior: PriorOptions
  @OptionGroup(title: "Long runs") var long: LongRunOptions
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
    if let extend {
      guard 1...32_768 ~= extend else {
        throw ValidationError("--extend \(extend) is not usable. Give 1 to 32768 voxels.")
      }
      guard iterative.`init` == nil && iterative.mask == nil else {
        throw ValidationError(
          "--extend makes the volume wider than the file of --init or --mask. Leave one away, "
            + "or give the full --width instead.")
      }
      guard method != .fbp else {
        throw ValidationError(
          "--extend means nothing to --method fbp, which finds each voxel by itself. "
            + "Leave it away, or choose another method.")
      }
    }
    guard !long.multiresolution || !iterative.belongsToFullSize else {
      throw ValidationError(
        "--multiresolution finds its own start at half the size, where --init, --mask and "
          + "--background do not fit. Leave them away.")
    }
    let given = fbp.given + iterative.given + descent.given + prior.given + long.given
    for option in given where !option.methods.contains(method) {
      throw ValidationError(
        "\(option.name) means nothing to --method \(method.rawValue). "
          + "Leave it away, or choose another method.")
    }
  }

  func run() throws {
    let source = try series.source()
    var recipe = ReconstructionRecipe(
      source, try makeMethod(iterative), to: output.target(axis: series.tiltAxis))
    if long.multiresolution {
      let half = iterative.halved(recipe.method.iterationLimit)
      recipe.coarseMethod = try makeMethod(half) as? any SliceWiseMethod
    }
    (recipe.width, recipe.depth, recipe.margin) = (width, depth, extend ?? 0)
    (recipe.axisOffset, recipe.zOffset) = (series.axisOffset, zOffset)
    recipe.tiltOffset = series.tiltOffset
    (recipe.start, recipe.workers) = (iterative.`init`, options.workers)
    recipe.companions = [iterative.mask, prior.tiltWeights].compactMap(\.self)
    (recipe.checkpointInterval, recipe.resumes) = (long.checkpointEvery, long.resume)
    // A run that was resumed is replayed in one go, to the same bytes.
    (recipe.memoryLimit, recipe.command) = (
      maxMemory.value, typedCommand.filter { $0 != "--resume" }
    )
    guard !dryRun else { return try DryRun(recipe).show(options) }
    let sidecar = try recipe.run(options.follower)
    let last = sidecar.history.last?.misfit.map { ", misfit \(Terminal.short($0))" } ?? ""
    let iterations = sidecar.iterations ?? 1
    let passes = iterations > 1 ? ", \(iterations) iterations\(last)" : ""
    let lambda = sidecar.lambda.map { ", λ \(Terminal.short($0))" } ?? ""
    let reason = sidecar.stopReason.map { " (\($0.words))" } ?? ""
    try options.report(
      sidecar,
      "\(output.out): \(sidecar.method)\(lambda)\(passes)\(reason), "
        + "\(Terminal.short(sidecar.seconds.compute)) s")
  }

  private func makeMethod(_ iterative: IterativeOptions) throws -> any ReconstructionMethod {
    switch method {
    case .fbp: fbp.method
    case .sirt: try iterative.sirt(series.tiltAxis)
    case .sart: try iterative.sart(series.tiltAxis)
    case .osSART: try iterative.osSART(series.tiltAxis)
    case .cgls: try iterative.cgls
    case .mlem: try iterative.mlem(series.tiltAxis, subsets: 1)
    case .osem: try iterative.mlem(series.tiltAxis, subsets: 8)
    case .tvSART: try descent.tvSART(iterative, series.tiltAxis)
    case .asdPOCS: try descent.asdPOCS(iterative, series.tiltAxis)
    case .cs: try prior.method(iterative, axes: descent)
    }
  }
}

/// The methods by the names that users know.
enum MethodName: String, ExpressibleByArgument, CaseIterable {
  case fbp, sirt, sart
  case osSART = "os-sart"
  case cgls, mlem, osem
  case tvSART = "tv-sart"
  case asdPOCS = "asd-pocs"
  case cs

  static var list: String {
    allCases.dropLast().map(\.rawValue).joined(separator: ", ") + " or cs"
  }
}

/// An option that was given, and the methods that it means something to.
struct GivenOption {
  let name: String
  let methods: Set<MethodName>

  /// `nil` where it was not given.
  init?(_ name: String, _ isGiven: Bool, _ methods: Set<MethodName>) {
    guard isGiven else { return nil }
    (self.name, self.methods) = (name, methods)
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
