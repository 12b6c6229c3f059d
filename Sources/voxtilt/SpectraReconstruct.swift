import ArgumentParser
import VariationalReconstruction
import Fields
import Projection
import Reconstruction
import SpectralTomography
import Workflow

/// `voxtilt spectra reconstruct`
struct SpectraReconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct", abstract: "Reconstruct one volume per channel or element.",
    discussion: """
      --method cs fits counts by their Poisson likelihood, and chooses λ for each channel from its own counts, \
      relative to the noise. --joint shares edges across all channels. For other methods the flat background is \
      subtracted; mlem and osem include it in their model.

      EXAMPLES
        voxtilt spectra reconstruct counts --method cs --energies 500:900 --out volumes
        voxtilt spectra reconstruct counts --method cs --joint nuclear --elements O,Fe --order in-model \
      --out elements
      """)

  @OptionGroup(title: "Data") var data: SpectraOptions
  @Option(parsing: .unconditional, help: "Use only channels in this window, first:end in eV.")
  var energies: EnergyWindow?
  @Option(parsing: .unconditional, help: "Sum this many neighbouring channels. (default: 1)")
  var bin: Int?
  @Option(
    help: "One volume per element, from the edges of a table; elements are separated by commas.")
  var elements: NameList?
  @Option(
    help: """
      When the background below an edge is subtracted: subtract-first, reconstruct-first or in-model (with \
      --joint). (default: subtract-first)
      """)
  var order: SpectraReconstruction.Order?
  @Option(help: "region or pixel. (default: region)") var backgroundScope: EdgeBackground.Scope?
  @Option(
    help: """
      Total variation of all channels in one problem: collaborative, nuclear or separate; with \
      --method cs. λ is then relative to the noise.
      """)
  var joint: ChannelCoupling?
  @Option(help: "A folder for the volumes and spectra.json; it must not exist.") var out: String

  @Flag(help: "Also write all volumes as one ImageJ hyperstack, hyperstack.tif.")
  var hyperstack = false

  @Option(
    parsing: .unconditional,
    help: "Voxels along the beam; by default the number across the tilt axis.")
  var depth: Int?
  @Option(
    parsing: .unconditional,
    help: """
      Position of the tilt axis, in pixels from the centre; from spectra.json or the sidecars of its series by \
      default, or 0.
      """)
  var axisOffset: Double?
  @Option(
    parsing: .unconditional, help: "Position of the volume's centre, in voxels from the axis.")
  var zOffset = 0.0
  @Option(parsing: .unconditional, help: "Degrees added to every angle.") var tiltOffset = 0.0

  @OptionGroup(title: "Microscope") var microscope: OpticsOptions
  @OptionGroup(title: "Method") var choice: MethodOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if let depth, !(1...65_536 ~= depth) {
      throw ValidationError("--depth must be between 1 and 65536 voxels (got \(depth)).")
    }
    if elements == nil, order != nil || backgroundScope != nil {
      throw ValidationError("--order and --background-scope require --elements.")
    }
    if elements != nil, energies != nil || bin != nil {
      throw ValidationError("--elements has its own windows. Remove --energies and --bin.")
    }
    if order == .inModel && joint == nil {
      throw ValidationError("--order in-model requires --joint.")
    }
    if order == .reconstructFirst && joint != nil {
      throw ValidationError(
        "--order reconstruct-first treats channels independently. Remove --joint.")
    }
    guard choice.iterative.`init` == nil, choice.iterative.mask == nil else {
      throw ValidationError("--init and --mask are for a single volume. Remove them.")
    }
    guard choice.iterative.background == nil else {
      throw ValidationError(
        "The background of each channel is read from spectra.json. Remove --background.")
    }
    guard choice.method != .fbp || microscope.source == nil else { throw Reconstruct.sharpFBP }
    try microscope.check(choice.iterative.rays)
    guard joint != nil else { return }
    guard choice.method == .cs else { throw ValidationError("--joint requires --method cs.") }
    let prior = choice.prior
    let others = prior.given.map(\.name).filter { $0 != "--lambda" }
    guard others.isEmpty else {
      throw ValidationError("\(others[0]) has no effect with --joint. Remove it.")
    }
  }

  func run() throws {
    let source = try data.source()
    var recipe = SpectraReconstruction(source, try way(source), to: out)
    recipe.groups = try groups(source)
    recipe.elements = try elements?.windows(source) ?? []
    (recipe.order, recipe.scope) = (order ?? .subtractFirst, backgroundScope ?? .region)
    (recipe.choosesLambda, recipe.writesHyperstack) = (choosesByNoise, hyperstack)
    if elements != nil {
      recipe.settings["order"] = .text(recipe.order.rawValue)
      recipe.settings["backgroundScope"] = .text(recipe.scope.rawValue)
    }
    if let bin { recipe.settings["bin"] = .count(bin) }
    (recipe.depth, recipe.zOffset) = (depth, zOffset)
    recipe.axis = try axisOffset.map { .init($0) } ?? source.toldAxisPlace()
    if axisOffset == nil, let told = recipe.axis.offset, told != 0 {
      recipe.notes.append(
        "The axis offset of \(Terminal.short(told)) pixels is taken from the files.")
    }
    recipe.tiltOffset = tiltOffset
    recipe.opticsFile = try microscope.fingerprint()
    recipe.optics = microscope.source
    recipe.workers = options.workers
    recipe.command = TypedCommand.words
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    try options.reportSpectra(try recipe.run(options.follower), out)
  }

  private func groups(_ source: SpectralSource) throws -> [Range<Int>] {
    var chosen = source.channels.indices.map { $0 }
    if let energies {
      let all = source.channels.compactMap(\.energy)
      guard all.count == source.channels.count else {
        throw SpectralError.noEnergies(path: data.data)
      }
      chosen = chosen.filter { energies.range.contains(all[$0]) }
      guard !chosen.isEmpty else {
        throw SpectralError.energiesOutside(energies.range, axis: all[0]...all[all.count - 1])
      }
    }
    let bin = bin ?? 1
    guard 1...chosen.count ~= bin else {
      throw SpectralError.binning(bin, channels: chosen.count)
    }
    return stride(from: 0, through: chosen.count - bin, by: bin).map {
      chosen[$0]..<chosen[$0] + bin
    }
  }

  /// Whether cs chooses its λ relative to the noise of each channel.
  private var choosesByNoise: Bool {
    choice.method == .cs && joint == nil && choice.prior.lambda?.value == nil
      && choice.prior.mu == nil && choice.prior.choose == nil
      && (choice.prior.regulariser ?? .named(.tv)) == .named(.tv)
  }

  private func way(_ source: SpectralSource) throws -> SpectraReconstruction.Way {
    if let joint {
      var method = JointReconstruction()
      (method.coupling, method.workers) = (joint, options.workers)
      method.lambda = choice.prior.lambda?.value
      if microscope.source != nil { method.iterationLimit *= CompressedSensing.patience }
      if let iterations = choice.iterative.iterations { method.iterationLimit = iterations }
      if let change = choice.iterative.stopChange { method.tolerance = change }
      method.rays = choice.iterative.rays ?? .joseph
      return .joint(method)
    }
    return .each(
      ChannelMethods(
        try choice.make(isBlurred: microscope.source != nil),
        modelsCounts: choice.prior.fidelity == nil,
        tiltCount: source.tilts.count))
  }
}
