import SeriesIO
import Fields
import ArgumentParser
public import Deblurring
public import Imaging
import Inversion
import Reconstruction
import StackIO
import Workflow

extension ImageDeblurring.Method: ExpressibleByArgument {}
extension Ends: ExpressibleByArgument {}

/// `voxtilt deblur`
struct Deblur: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deblur",
    abstract: "Remove the blur from an image, a stack, a volume or a signal.",
    discussion: """
      EXAMPLES
        voxtilt deblur haadf.tif --psf gaussian:150pm --pixel-size 0.05 --method tv --out sharp.tif
        voxtilt deblur signal line.csv --psf gaussian:3px --noise 0.02 --out sharp.csv
      """,
    subcommands: [DeblurCommand.self, SignalDeblur.self], defaultSubcommand: DeblurCommand.self)
}

/// `voxtilt deblur image`, where `image` may be left out.
struct DeblurCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Remove the blur from an image, a stack or a volume.",
    discussion: """
      A stack is deblurred page by page, with one λ chosen on its middle page; --volume treats \
      it as one volume.

      EXAMPLES
        voxtilt deblur haadf.tif --psf gaussian:150pm --pixel-size 0.05 --method tv --out sharp.tif
        voxtilt deblur image.tif --psf psf.tif --normalise-psf --method tikhonov --out sharp.tif
      """)

  @Argument(help: "A TIFF or MRC image or stack.") var image: String
  @Option(
    help: """
      gaussian:WIDTH (3px, 150pm or 0.15nm; one for all axes, or rows,columns), or a TIFF, MRC or CSV \
      file with the point spread around its middle pixel.
      """)
  var psf: String
  @Option(
    help: """
      naive, tsvd, tikhonov, gradient, wiener, tv, l1, richardson-lucy, richardson-lucy-tv or z-map.
      """)
  var method = ImageDeblurring.Method.tikhonov
  @Option(help: "Values beyond the image: zero, periodic or reflecting.")
  var ends = Ends.reflecting
  @OptionGroup(title: "Strength") var strength: DeblurStrengthOptions
  @OptionGroup(title: "Method") var details: DeblurMethodOptions
  @Option(help: "A stack with the truth, to compute the error and for --choose oracle.")
  var truth: String?
  @Flag(help: "Treat the pages as planes of a volume that is blurred in three dimensions.")
  var volume = false
  @Flag(help: "Shift a measured point spread so that its centre of mass is in the middle.")
  var centrePsf = false
  @Flag(help: "Divide a measured point spread by its sum.")
  var normalisePsf = false
  @Option(parsing: .unconditional, help: "The size of a pixel in nm; overrides the file.")
  var pixelSize: Double?
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    guard !image.lowercased().hasSuffix(".csv") else {
      throw ValidationError("'\(image)' is a signal. Use voxtilt deblur signal \(image).")
    }
    if SpreadSource(psf) == nil {
      throw ValidationError(
        "'\(psf)' is not a point spread. Write, for example, gaussian:3px or gaussian:150pm.")
    }
    if psf.hasPrefix("gaussian:") && (centrePsf || normalisePsf) {
      throw ValidationError("--centre-psf and --normalise-psf require a measured point spread.")
    }
    if let pixelSize, !(pixelSize > 0 && pixelSize.isFinite) {
      throw ValidationError("--pixel-size must be a positive length in nm (got \(pixelSize)).")
    }
    try strength.validate(for: method)
    try details.validate(for: method)
  }

  func run() throws {
    guard
      let spread = SpreadSource(psf, centres: centrePsf, normalises: normalisePsf)
    else { return }
    var recipe = ImageDeblurringRecipe(image, spread, method, to: output.target())
    (recipe.ends, recipe.isVolume, recipe.truth) = (ends, volume, truth)
    (recipe.pixelSize, recipe.workers) = (pixelSize, options.workers)
    (recipe.strength, recipe.noise) = (strength.strength, strength.noise)
    recipe.vacuum = strength.vacuum?.region
    (recipe.fidelity, recipe.isNonNegative) = (details.model, !details.unconstrained)
    (recipe.iterationLimit, recipe.tolerance) = (details.iterations, details.stopChange)
    if let gamma = details.gamma { recipe.exponent = gamma }
    recipe.command = TypedCommand.words
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let (sidecar, error) = try recipe.run(options.follower)
    try options.report(sidecar, "\(output.out): \(sidecar.method)\(Self.words(sidecar, error))")
  }

  private static func words(_ sidecar: Sidecar, _ error: Double?) -> String {
    var words = ""
    if let lambda = sidecar.lambda { words += ", λ = \(Terminal.short(lambda))" }
    if let error { words += ", RMSE \(Terminal.short(error))" }
    return words
  }
}

/// How λ is found; `nil` where the user said nothing.
struct DeblurStrengthOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "The strength of the prior, a number, or auto. (default: auto)")
  var lambda: LambdaArgument?
  @Option(
    help: ArgumentHelp(
      """
      Rule of --lambda auto: gcv, discrepancy, l-curve, held-out-pixels, vacuum or oracle.
      """,
      discussion: """
        gcv for linear methods where a transform makes the blur diagonal, discrepancy for poisson, else \
        held-out-pixels; vacuum where --vacuum is given.
        """))
  var choose: RuleName<ImageDeblurring>?
  @Option(
    parsing: .unconditional,
    help: "The standard deviation of the noise; estimated from the image otherwise.")
  var noise: Double?
  @Option(help: "Empty part of the image: rows and columns, first:end,first:end.")
  var vacuum: RegionArgument?

  func validate(for method: ImageDeblurring.Method) throws {
    if !method.hasStrength && (lambda != nil || choose != nil) {
      throw ValidationError(
        "--method \(method.rawValue) has no λ. Remove --lambda and --choose.")
    }
    let isChosen = method.hasStrength && lambda?.value == nil
    if choose != nil && !isChosen {
      throw ValidationError("--choose requires --lambda auto.")
    }
    if (noise != nil || vacuum != nil) && !isChosen && method != .wiener {
      throw ValidationError(
        "--noise and --vacuum are used only to choose λ, or by wiener. Remove them.")
    }
    if choose?.rule == .vacuum && vacuum == nil {
      throw ValidationError("--choose vacuum needs --vacuum first:end,first:end.")
    }
  }

  var strength: ImageDeblurring.Strength {
    lambda?.value.map { .lambda($0) } ?? .chosen(choose?.rule)
  }
}

/// What only some methods take; `nil` where the user said nothing.
struct DeblurMethodOptions: ParsableArguments {
  @Option(
    help: "The noise that tv and l1 assume: gaussian or poisson (counts). (default: gaussian)")
  var fidelity: PriorOptions.FidelityName?
  @Option(parsing: .unconditional, help: "Background counts expected in every pixel.")
  var background: Float?
  @Option(
    parsing: .unconditional,
    help: "Maximum number of iterations. (default: 50 for richardson-lucy, else 300)")
  var iterations: Int?
  @Option(
    parsing: .unconditional,
    help: "Stop when an iteration changes the image by less than this fraction. (default: 1e-4)")
  var stopChange: Double?
  @Flag(help: "Allow negative pixels; otherwise tv, l1 and z-map require x ≥ 0.")
  var unconstrained = false
  @Option(parsing: .unconditional, help: "The exponent of Z in z-map. (default: 1.7)")
  var gamma: Float?

  func validate(for method: ImageDeblurring.Method) throws {
    let sparse: [ImageDeblurring.Method] = [.tv, .l1]
    if fidelity != nil && !sparse.contains(method) {
      throw ValidationError("--fidelity requires --method tv or l1.")
    }
    if background != nil && fidelity != .poisson {
      throw ValidationError("--background requires --fidelity poisson.")
    }
    if unconstrained && !(sparse + [.atomicNumber]).contains(method) {
      throw ValidationError("--unconstrained requires --method tv, l1 or z-map.")
    }
    if gamma != nil && method != .atomicNumber {
      throw ValidationError("--gamma requires --method z-map.")
    }
    if iterations != nil || stopChange != nil, [.naive, .tsvd, .wiener].contains(method) {
      throw ValidationError("--method \(method.rawValue) has no iterations. Remove --iterations.")
    }
  }

  var model: ImageDeblurring.Fidelity {
    fidelity == .poisson ? .poisson(background: background ?? 0) : .gaussian
  }
}

/// `first:end,first:end`: rows and columns, the ends excluded.
struct RegionArgument: ExpressibleByArgument {
  let region: ImageRegion

  init?(argument: String) {
    let ranges = argument.split(separator: ",", omittingEmptySubsequences: false).compactMap {
      word -> Range<Int>? in
      let ends = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count == 2, let first = ends[0], let end = ends[1], 0 <= first, first < end
      else { return nil }
      return first..<end
    }
    guard ranges.count == 2 else { return nil }
    region = ImageRegion(rows: ranges[0], columns: ranges[1])
  }
}
