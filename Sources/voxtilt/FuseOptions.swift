import ArgumentParser
import Fusion
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
  @Option(
    parsing: .unconditional,
    help: "σ of the noise of Gaussian maps; estimated from their pixels by default.")
  var mapSigma: Double?
  @Option(
    parsing: .unconditional, help: "σ of the noise of HAADF; estimated from its pixels by default.")
  var haadfNoise: Double?
  @Option(
    name: .customLong("scale"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=COUNTS: counts of a pixel of the map where the concentration is 1.",
      discussion:
        "With all scales given, HAADF follows Z^γ with one gain; otherwise each map has its own gain."
    ))
  var scales: [ScaleArgument] = []
  @Option(
    name: .customLong("weight"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=WEIGHT: weight in HAADF at a concentration of 1, relative to the other elements, instead of Z^γ.",
      discussion: """
        Give the weight or the scale of every map, so that concentrations have a common unit; without scales 1 is \
        typical. The sidecar contains the weight as estimated from HAADF and counts.
        """))
  var weights: [ScaleArgument] = []
  @Option(
    name: .customLong("shift"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=RIGHT,DOWN: shift of a map against HAADF, in HAADF pixels; estimated by default.",
      discussion: "For images. ELEMENT=0,0 does not shift the map."))
  var shifts: [ShiftArgument] = []
  @Option(
    help: ArgumentHelp(
      "A factor on the counts of each chemical tilt: auto, free or equal. (default: auto)",
      discussion: "With --tilts. auto fits it where counts differ by more than noise."))
  var tiltYields: TiltYields.Choice?
  @Option(
    parsing: .unconditional,
    help: "HAADF signal at a concentration of 1 and a weight of 1, that of the heaviest element.")
  var gain: Double?
  @Option(parsing: .unconditional, help: "HAADF signal of vacuum.") var offset: Double?
  @Option(help: "Rows and columns of an empty region, r0:r1,c0:c1, to be reported.")
  var vacuum: RegionArgument?

  func validate() throws {
    for case (let name, .some(let value)) in [("--psf", psf), ("--map-psf", mapPsf)]
    where !(0...100 ~= value) {
      throw ValidationError("\(name) must be between 0 and 100 pixels (got \(value)).")
    }
    if mapNoise == .gaussian && background != nil {
      throw ValidationError("--background requires counts. Remove it for gaussian maps.")
    }
    if mapNoise == .poisson && mapSigma != nil {
      throw ValidationError("--map-sigma requires --map-noise gaussian.")
    }
    if let background, !(background >= 0 && background.isFinite) {
      throw ValidationError("--background must be 0 counts or more (got \(background)).")
    }
    if let offset, !offset.isFinite { throw ValidationError("--offset must be a finite number.") }
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
    help: "The weight of total variation; chosen by left-out pixels by default.")
  var lambda2: Double?
  @Option(parsing: .unconditional, help: "Maximum number of iterations.") var iterations = 300
  @Flag(help: "Write the fusion even where HAADF and maps contradict each other.")
  var noFallBack = false

  func validate() throws {
    guard 1...100_000 ~= iterations else {
      throw ValidationError("--iterations must be between 1 and 100000 (got \(iterations)).")
    }
  }

  func apply(to fusion: inout SensorFusion) {
    (fusion.lambda1, fusion.lambda2) = (lambda1, lambda2)
    (fusion.iterationLimit, fusion.fallsBack) = (iterations, !noFallBack)
  }
}
