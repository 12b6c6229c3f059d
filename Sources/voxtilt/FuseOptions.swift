import ArgumentParser
import SensorFusion
import Workflow

/// How signals come about.
struct FuseModelOptions: ParsableArguments {
  enum Noise: String, ExpressibleByArgument, CaseIterable { case poisson, gaussian }

  @Option(
    help: ArgumentHelp(
      "power (the lecture's, A Σ c x^γ) or linear (A Σ c x, convex).",
      discussion:
        "By default the one that explains HAADF better for images, and linear for tilt series."))
  var haadfModel: HAADFModel?
  @Option(parsing: .unconditional, help: "The exponent γ of Z.") var gamma = 1.7
  @Option(parsing: .unconditional, help: "The blur of HAADF, σ in pixels. (default: 0)")
  var psf: Double?
  @Option(parsing: .unconditional, help: "The blur of the maps, σ in HAADF pixels. (default: 0)")
  var mapPsf: Double?
  @Option(help: "The noise of the maps: poisson (counts) or gaussian.") var mapNoise = Noise.poisson
  @Option(
    parsing: .unconditional, help: "Background counts in each pixel of the maps. (default: 0)")
  var background: Double?
  @Option(parsing: .unconditional, help: "σ of Gaussian maps; from their pixels by default.")
  var mapSigma: Double?
  @Option(parsing: .unconditional, help: "σ of HAADF; from its pixels by default.")
  var haadfNoise: Double?
  @Option(
    name: .customLong("scale"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=COUNTS of a map's pixel where the concentration is 1.",
      discussion:
        "With all scales given, HAADF follows Z^γ with one gain; else each map has its own."))
  var scales: [ScaleArgument] = []
  @Option(
    name: .customLong("weight"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=WEIGHT in HAADF at a concentration of 1, against the other elements, in place of Z^γ.",
      discussion: """
        Give the weight or the scale of every map, so that concentrations have a common unit; without scales 1 is \
        typical. What HAADF and counts tell of the weight is in the sidecar.
        """))
  var weights: [ScaleArgument] = []
  @Option(
    name: .customLong("shift"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=RIGHT,DOWN of a map against HAADF, in HAADF pixels; found by default.",
      discussion: "With images. ELEMENT=0,0 takes the map as it is."))
  var shifts: [ShiftArgument] = []
  @Option(
    help: ArgumentHelp(
      "A factor on the counts of each chemical tilt: auto, free or equal. (default: auto)",
      discussion: "With --tilts. auto fits it where counts differ by more than noise."))
  var tiltYields: TiltYields.Choice?
  @Option(
    parsing: .unconditional,
    help: "HAADF at a concentration of 1 and a weight of 1, that of the heaviest element.")
  var gain: Double?
  @Option(parsing: .unconditional, help: "HAADF where nothing is.") var offset: Double?
  @Option(help: "Rows and columns where nothing is, r0:r1,c0:c1, to be reported.")
  var vacuum: RegionArgument?

  func validate() throws {
    for case (let name, .some(let value)) in [("--psf", psf), ("--map-psf", mapPsf)]
    where !(0...100 ~= value) {
      throw ValidationError("\(name) \(value) is not usable. Give 0 to 100 pixels.")
    }
    if mapNoise == .gaussian && background != nil {
      throw ValidationError("--background goes with counts. Leave it away for gaussian maps.")
    }
    if mapNoise == .poisson && mapSigma != nil {
      throw ValidationError("--map-sigma goes with --map-noise gaussian.")
    }
    if let background, !(background >= 0 && background.isFinite) {
      throw ValidationError("--background \(background) is not usable. Give counts, 0 or more.")
    }
    if let offset, !offset.isFinite { throw ValidationError("--offset needs a finite number.") }
  }

  func apply(to recipe: inout FusionRecipe) {
    recipe.fusion.model = haadfModel
    (recipe.fusion.exponent, recipe.fusion.gain, recipe.fusion.offset) = (gamma, gain, offset)
    (recipe.blur, recipe.mapBlur) = (psf ?? 0, mapPsf ?? 0)
    recipe.yields = tiltYields ?? .automatic
    recipe.mapNoise =
      mapNoise == .poisson
      ? .poisson(background: background ?? 0) : .gaussian(sigma: mapSigma)
    recipe.haadfSigma = haadfNoise
    recipe.vacuum = vacuum?.region
  }
}

/// How strongly maps and prior count.
struct FuseStrengthOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "The weight of the maps; maximum likelihood by default.")
  var lambda1: Double?
  @Option(
    parsing: .unconditional,
    help: "The weight of total variation; found by left-out pixels by default.")
  var lambda2: Double?
  @Option(parsing: .unconditional, help: "Iterations at most.") var iterations = 300
  @Flag(help: "Write the fusion even where HAADF and maps contradict each other.")
  var noFallBack = false

  func validate() throws {
    guard 1...100_000 ~= iterations else {
      throw ValidationError("--iterations \(iterations) is not usable. Give 1 to 100000.")
    }
  }

  func apply(to fusion: inout SensorFusion) {
    (fusion.lambda1, fusion.lambda2) = (lambda1, lambda2)
    (fusion.iterationLimit, fusion.fallsBack) = (iterations, !noFallBack)
  }
}
