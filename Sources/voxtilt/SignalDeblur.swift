import SeriesIO
import ArgumentParser
public import Deblurring
import Imaging
import Reconstruction
import Workflow

extension SignalMethod: ExpressibleByArgument {}
extension Blur.Scale: ExpressibleByArgument {}

/// `voxtilt deblur signal`
struct SignalDeblur: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signal",
    abstract: "Remove the blur from a signal in a CSV file.",
    discussion: """
      Besides OUT.csv and its sidecar this writes OUT.svg (the signals), OUT.components (singular values and \
      Picard's plot) and OUT.lambda (how λ was chosen), each of these two as .csv and .svg.

      EXAMPLES
        voxtilt deblur signal line.csv --psf gaussian:3px --noise 0.02 --out sharp.csv
        voxtilt deblur signal line.csv --psf H.csv --method tv --choose cross-validation --out sharp.csv
      """)

  @Argument(help: "A CSV file: one column, two of which the first counts, or one named y.")
  var signal: String
  @Option(
    help: """
      gaussian:WIDTH (3px, 150pm or 0.15nm; the standard deviation), or a CSV file: one column with the point \
      spread around its middle, or the operator as a matrix.
      """)
  var psf: String
  @Option(help: "\(SignalMethod.allCases.map(\.rawValue).joined(separator: ", ")).")
  var method = SignalMethod.tikhonov
  @Option(help: "Values beyond the ends: zero, periodic or reflecting.")
  var ends = Ends.reflecting
  @Option(
    help: """
      Scale of the operator: row-sum, peak or as-is. (default: row-sum for a Gaussian, as-is for a file)
      """)
  var scale: Blur.Scale?
  @OptionGroup(title: "Strength") var strength: SignalStrengthOptions
  @Flag(help: "Keep x ≥ 0; for tikhonov, gradient, tv and l1.") var nonNegative = false
  @Option(parsing: .unconditional, help: "Of richardson-lucy. (default: 100)") var iterations: Int?
  @Option(help: "A CSV file with the truth, to compute the error and for --choose oracle.")
  var truth: String?
  @Option(help: "The name of the column with the measurement.") var column: String?
  @Option(
    parsing: .unconditional, help: "Distance of samples, such as 50pm, for a --psf in pm or nm.")
  var step: String?
  @Option(help: "Name of the resulting signal; .csv. Its sidecar is written next to it.") var out:
    String
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if SignalOperator(psf) == nil {
      throw ValidationError(
        "'\(psf)' is not a point spread. Write, for example, gaussian:3px or gaussian:150pm.")
    }
    if iterations != nil && method != .richardsonLucy {
      throw ValidationError("--iterations requires --method richardson-lucy.")
    }
    if let step {
      guard case .nanometres? = Length(step) else {
        throw ValidationError(
          "'\(step)' is not a distance of samples. Write, for example, 50pm or 0.05nm.")
      }
    }
    try strength.validate(for: method)
  }

  func run() throws {
    guard let blur = SignalOperator(psf) else { return }
    var recipe = SignalDeblurring(signal, blur, method, to: out)
    recipe.strength = strength.lambda?.value.map { .given($0) } ?? .chosen(strength.choose?.rule)
    recipe.settings.isNonNegative = nonNegative
    recipe.settings.noise = strength.noise
    if let iterations { recipe.settings.iterationCount = iterations }
    (recipe.ends, recipe.scale, recipe.truth, recipe.column) = (ends, scale, truth, column)
    if let step, let length = Length(step) { recipe.step = try length.nanometres(step: nil) }
    if let folds = strength.folds { recipe.folds = folds }
    (recipe.reference, recipe.grid) = (strength.vacuum?.range, strength.lambdas?.grid)
    (recipe.command, recipe.overwrites) = (TypedCommand.words, overwriting.force)
    if try memory.isAnswered(by: &recipe, json: messages.json) { return }
    let sidecar = try recipe.run(messages.follower)
    try messages.report(sidecar, "\(out): \(Self.words(sidecar))")
  }

  private static func words(_ sidecar: Sidecar) -> String {
    var words = sidecar.method
    if let lambda = sidecar.lambda { words += ", λ = \(Terminal.short(lambda))" }
    for (fact, name) in [("conditionNumber", "κ ="), ("rmse", "RMSE")] {
      guard case .number(let value)? = sidecar.settings[fact] else { continue }
      words += ", \(name) \(Terminal.short(value))"
    }
    return words
  }
}

/// How λ is found; `nil` where the user said nothing.
struct SignalStrengthOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "The strength of the prior, a number, or auto. (default: auto)")
  var lambda: LambdaArgument?
  @Option(
    help: ArgumentHelp(
      "Rule of --lambda auto: \(SignalChooser.rules.map(\.rawValue).joined(separator: ", ")).",
      discussion: """
        vacuum where --vacuum is given, else discrepancy where --noise is given, else l-curve, or \
        cross-validation where that has no corner.
        """))
  var choose: RuleName<SignalChooser>?
  @Option(parsing: .unconditional, help: "The standard deviation of the noise.") var noise: Double?
  @Option(parsing: .unconditional, help: "Groups of cross-validation. (default: 5)") var folds: Int?
  @Option(help: "Empty samples, first:end, counted from 0.") var vacuum: SampleRange?
  @Option(help: "The values of λ to try, first:last:count, such as 1e-5:1e2:100.")
  var lambdas: LambdaValues?

  func validate(for method: SignalMethod) throws {
    if !method.hasLambda && (lambda != nil || choose != nil || lambdas != nil) {
      throw ValidationError(
        """
        --method \(method.rawValue) has no λ. Remove --lambda, --lambdas and --choose.
        """)
    }
    let isChosen = method.hasLambda && lambda?.value == nil
    if !isChosen && (choose != nil || lambdas != nil || folds != nil || vacuum != nil) {
      throw ValidationError("--choose, --lambdas, --folds and --vacuum require --lambda auto.")
    }
  }
}

/// `first:end`
struct SampleRange: ExpressibleByArgument {
  let range: Range<Int>

  init?(argument: String) {
    let ends = argument.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let first = ends[0], let end = ends[1], 0 <= first, first < end
    else { return nil }
    range = first..<end
  }
}

/// `first:last:count`
struct LambdaValues: ExpressibleByArgument {
  let grid: LambdaGrid

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let first = Double(parts[0]), let last = Double(parts[1]),
      let count = Int(parts[2]), count <= 10_000,
      let grid = LambdaGrid(from: first, to: last, count: count)
    else { return nil }
    self.grid = grid
  }
}
