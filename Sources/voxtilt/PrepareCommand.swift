import SeriesIO
import ArgumentParser
import Fields
import Files
import Preparation
import Reconstruction
import Records
import StackIO
import Workflow

/// `voxtilt prepare`
struct PrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract:
      "Prepare a raw tilt series: spikes, dead lines, background, logarithm, exposure, size.",
    discussion: """
      Steps are applied in the order in which their options are given. A region is column,row,width,height, from 0 at \
      the top left. Also writes the sidecar, the angles (NAME.rawtlt) and the weights (NAME.weights.txt), if there are any.

      EXAMPLES
        voxtilt prepare raw.mrc --hot-pixels --background vacuum --normalise total --out ready.mrc
        voxtilt prepare bf.tif --tilts bf.tlt --flat flat.tif --dark dark.tif --beer-lambert flat --bin 2 --out ready.tif
      """)

  @OptionGroup var series: RawSeriesOptions
  @Option(parsing: .unconditional, help: "Replace NaN and infinite pixels by this value.")
  var replaceNonfinite: Float?
  @Option(help: "Pages to leave out, from 1, such as 3,17-19.") var exclude: PageList?
  @Option(
    help: ArgumentHelp(
      "A file with one weight per page of the raw series, such as 1/variance.",
      discussion:
        "NAME.weights.txt has those of the pages kept, divided by the square of the factors of --normalise and "
        + "--cosine-thickness, for reconstruct --tilt-weights prepared. Without this option "
        + "--beer-lambert writes weights from the noise of counts."))
  var weights: String?
  @OptionGroup var counting: CountsOptions
  @OptionGroup var place: AxisPlaceOptions
  @OptionGroup var earlier: EarlierCheckOptions
  @OptionGroup(title: "Steps, in the order given") var steps: StepOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if let replaceNonfinite, !replaceNonfinite.isFinite {
      throw ValidationError("--replace-nonfinite must be a finite number.")
    }
  }

  func run() throws {
    let source = try series.source(
      replaceNonfinite.map { .replace($0) } ?? .refuse, axisOffset: place.axisOffset
    ).checked(by: earlier.check)
    var recipe = PreparationRecipe(source, to: output.target(axis: source.axis))
    let (planned, curve) = try steps.planned(TypedCommand.words)
    recipe.steps = planned
    recipe.weights = try weights.map(readNumbers)
    if steps.flat != nil || steps.dark != nil {
      recipe.fields = try FieldFiles(flat: steps.flat, dark: steps.dark)
    }
    recipe.companions = try [curve, weights].compactMap(\.self).map { try Fingerprint(path: $0) }
    recipe.excluded = exclude?.pages ?? []
    recipe.countsElectrons = counting.counts
    (recipe.workers, recipe.command) = (options.workers, TypedCommand.words)
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let sidecar = try recipe.run(options.follower)
    let pages = sidecar.output.shape?.first ?? 0
    try options.report(sidecar, "\(output.out): \(pages) pages, \(sidecar.steps?.count ?? 0) steps")
  }
}

/// What is done to the pages.
struct StepOptions: ParsableArguments {
  @Flag(
    name: .customLong("hot-pixels"),
    help:
      "Replace pixels that deviate by more than 12 standard deviations from their neighbourhood.")
  var hotPixels = false
  @Option(
    parsing: .unconditional,
    help: "Replace pixels that deviate by more than T standard deviations from their neighbourhood."
  )
  var hotThreshold: Double?
  @Flag(help: "Fill rows and columns that are dead on most pages.") var deadLines = false
  @Option(help: "Divide by a flat field, minus --dark: a stack of pages without a specimen.")
  var flat: String?
  @Option(help: "Subtract a dark field, from --flat too: a stack of pages without a beam.")
  var dark: String?
  @Option(
    parsing: .unconditional,
    help: """
      Subtract the background: vacuum (of the margins), slab (the level of most of each page), plane, a value, or \
      a region.
      """)
  var background: LevelWord?
  @Option(
    parsing: .unconditional,
    help:
      """
      Logarithm for bright field: the beam is vacuum (of the margins), slab (the level of most of each page), flat \
      (1, after --flat), a value, or a region.
      """
  )
  var beerLambert: LevelWord?
  @Option(
    help: """
      Scale all pages alike: total, slab (by the brightness of a slab that fills the field, for its tilt), a region, or a \
      file with one target mean per page.
      """)
  var normalise: String?
  @Flag(help: "Multiply by cos θ, which removes the increase of a slab's thickness with tilt.")
  var cosineThickness = false
  @Option(help: "Crop to a region.") var crop: RegionWord?
  @Option(parsing: .unconditional, help: "Add N pixels of vacuum on every side.") var pad: Int?
  @Option(
    parsing: .unconditional,
    help: "Average squares of N × N pixels; counts are summed.")
  var bin: Int?
  @Option(
    parsing: .unconditional, help: "Fade to vacuum over N pixels at both ends across the axis.")
  var taper: Int?

  func validate() throws {
    if case .plane = beerLambert {
      throw ValidationError(
        "--beer-lambert takes vacuum, slab, flat, a value or a region, not a plane.")
    }
    if case .flat = background {
      throw ValidationError(
        "--background takes vacuum, slab, plane, a value or a region, not flat.")
    }
    if case .flat = beerLambert, flat == nil {
      throw ValidationError(
        "--beer-lambert flat needs --flat: give it, or vacuum, a value or a region.")
    }
    if hotPixels && hotThreshold != nil {
      throw ValidationError("Give --hot-pixels or --hot-threshold, not both.")
    }
  }

  /// In the order of `command`.
  func planned(_ command: [String]) throws -> (steps: [PlannedStep], curve: String?) {
    var curve: String?
    var found: [(name: String, step: PlannedStep)] = []
    if hotPixels {
      found.append(("--hot-pixels", .hotPixels(threshold: SpikeSearch.standardThreshold)))
    }
    if let hotThreshold { found.append(("--hot-threshold", .hotPixels(threshold: hotThreshold))) }
    // One step, where the first of its options stands.
    let fields = [("--flat", flat), ("--dark", dark)].filter { $0.1 != nil }.map(\.0)
    if let first = fields.min(by: { place($0) < place($1) }) {
      found.append((first, .fieldCorrection(flat: nil, dark: nil)))
    }
    if deadLines { found.append(("--dead-lines", .deadLines)) }
    if let background { found.append(("--background", .background(background.level))) }
    if let beerLambert { found.append(("--beer-lambert", .beerLambert(beerLambert.intensity))) }
    if let normalise {
      if let region = RegionWord(argument: normalise) {
        found.append(("--normalise", .normalise(.region(region.region))))
      } else if normalise == "total" {
        found.append(("--normalise", .normalise(.total)))
      } else if normalise == "slab" {
        found.append(("--normalise", .normalise(.slab)))
      } else {
        curve = normalise
        found.append(("--normalise", .normalise(.curve(try readNumbers(normalise)))))
      }
    }
    if cosineThickness { found.append(("--cosine-thickness", .cosineThickness)) }
    if let crop { found.append(("--crop", .crop(crop.region))) }
    if let pad { found.append(("--pad", .pad(pad))) }
    if let bin { found.append(("--bin", .bin(bin, sums: false))) }
    if let taper { found.append(("--taper", .taper(taper))) }
    func place(_ name: String) -> Int {
      command.firstIndex { $0 == name || $0.hasPrefix(name + "=") } ?? command.count
    }
    return (found.sorted { place($0.name) < place($1.name) }.map(\.step), curve)
  }
}

/// `vacuum`, `slab`, `plane`, `flat`, a value, or `column,row,width,height`.
enum LevelWord: ExpressibleByArgument {
  case vacuum, slab, plane, flat
  case value(Double)
  case region(ImageRegion)

  init?(argument: String) {
    if let region = RegionWord(argument: argument) {
      self = .region(region.region)
    } else if let value = Double(argument), value.isFinite {
      self = .value(value)
    } else if let word = [
      "vacuum": Self.vacuum, "slab": .slab, "plane": .plane, "flat": .flat,
    ][argument] {
      self = word
    } else {
      return nil
    }
  }

  var level: Background.Level {
    switch self {
    case .vacuum, .flat: .vacuum
    case .slab: .slab
    case .plane: .plane
    case .value(let value): .constant(value)
    case .region(let region): .region(region)
    }
  }

  var intensity: BeerLambert.Intensity {
    switch self {
    case .vacuum, .plane: .vacuum
    case .slab: .slab
    case .flat: .value(1)
    case .value(let value): .value(value)
    case .region(let region): .region(region)
    }
  }
}

/// `column,row,width,height`, from 0 at the top left.
struct RegionWord: ExpressibleByArgument {
  let region: ImageRegion

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard parts.count == 4, numbers.count == 4,
      numbers.allSatisfy({ 0...10_000_000 ~= $0 }), numbers[2] > 0, numbers[3] > 0
    else { return nil }
    region = ImageRegion(
      rows: numbers[1]..<numbers[1] + numbers[3], columns: numbers[0]..<numbers[0] + numbers[2])
  }
}

/// `3,17-19`
struct PageList: ExpressibleByArgument {
  let pages: [Int]

  init?(argument: String) {
    var pages: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard 1...2 ~= ends.count, let first = ends[0], let last = ends[ends.count - 1],
        1 <= first, first <= last, last <= 1_000_000
      else { return nil }
      pages += first...last
    }
    self.pages = pages
  }
}
