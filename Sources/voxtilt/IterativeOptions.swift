import SeriesIO
import AlgebraicReconstruction
import ArgumentParser
import Fields
import Projection
import Reconstruction
import Workflow

/// Settings that iterative methods share; `nil` where the user said nothing.
struct IterativeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Maximum number of iterations, or of sweeps over all tilts.",
      discussion: """
        By default 50 for sirt, mlem and osem, 10 for sart, os-sart and cgls, 20 for tv-sart, 50 for \
        asd-pocs and dart, 150 for cs.
        """))
  var iterations: Int?

  @Option(
    parsing: .unconditional,
    help: """
      β, above 0 and below 2. (default: 1; 0.3 for sart and tv-sart)
      """)
  var relaxation: Float?

  @Option(
    parsing: .unconditional,
    help: "β is multiplied by this after each sweep. (default: 1; 0.995 for asd-pocs)")
  var relaxationDecay: Float?

  @Flag(help: "Set negative voxels to zero after each update.")
  var nonNegative = false

  @Option(parsing: .unconditional, help: "Upper bound of voxels.")
  var upperBound: Float?

  @Option(help: "A volume of the size of the result that is above 0 where the object may be.")
  var mask: String?

  @Option(help: "Order of the tilts: sequential, random, golden or multilevel.")
  var order: OrderName?

  @Option(help: "The seed of the random order, and of the voxels that dart frees. (default: 1)")
  var seed: UInt64?

  @Option(parsing: .unconditional, help: "Number of subsets of the tilts. (default: 8)")
  var subsets: Int?

  @Option(parsing: .unconditional, help: "Background counts expected in every bin.")
  var background: Float?

  @Option(name: .customLong("init"), help: "A volume to start from, of the size of the result.")
  var `init`: String?

  @Option(
    parsing: .unconditional,
    help: """
      Stop when an iteration changes the volume by less than this fraction; 0 for never. (default: 1e-4)
      """)
  var stopChange: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The standard deviation of the noise in the series: the run stops when the residual reaches it, choices of λ use it, and \
      dart compares its result with it.
      """)
  var noise: Double?

  @Option(help: "joseph (thin rays) or strip (as wide as a bin, exact areas). (default: joseph)")
  var rays: RayModel?

  enum OrderName: String, ExpressibleByArgument, CaseIterable {
    case sequential, random, golden, multilevel
  }

  func validate() throws {
    if let iterations, iterations > MethodRecipe.mostIterations {
      throw ValidationError(
        "--iterations must be between 1 and \(MethodRecipe.mostIterations) (got \(iterations)).")
    }
    if seed != nil, let order, order != .random {
      throw ValidationError("--seed requires --order random.")
    }
  }

  func sirt(_ axis: TiltAxis) throws -> SIRT {
    try SIRT(
      iterations: iterations ?? 50, relaxation: step(1), constraint: try constraint(axis),
      stopRule: try stopRule, rays: rays ?? .joseph)
  }

  func sart(_ axis: TiltAxis) throws -> SART {
    try SART(
      sweeps: iterations ?? 10, relaxation: step(0.3), order: tiltOrder,
      constraint: try constraint(axis), stopRule: try stopRule)
  }

  /// The sweeps of a method that smooths between them, which has its own end.
  func sweeps(
    _ axis: TiltAxis, count: Int, relaxation: Float, decay: Float = 1
  ) throws -> SART {
    try SART(
      sweeps: iterations ?? count, relaxation: step(relaxation, decay: decay), order: tiltOrder,
      constraint: try constraint(axis))
  }

  func osSART(_ axis: TiltAxis) throws -> OSSART {
    try OSSART(
      iterations: iterations ?? 10, subsets: subsets ?? 8, relaxation: step(1),
      constraint: try constraint(axis), stopRule: try stopRule, rays: rays ?? .joseph)
  }

  var cgls: CGLS {
    get throws {
      try CGLS(iterations: iterations ?? 10, noise: noise, rays: rays ?? .joseph)
    }
  }

  func mlem(_ axis: TiltAxis, subsets: Int) throws -> MLEM {
    try MLEM(
      iterations: iterations ?? 50, subsets: subsets == 1 ? 1 : self.subsets ?? subsets,
      background: background ?? 0, support: try support(axis), stopRule: try stopRule,
      rays: rays ?? .joseph)
  }

  private var stopRule: StopRule {
    get throws {
      let change = stopChange ?? 1e-4
      return try StopRule(relativeChange: change == 0 ? nil : change, noise: noise)
    }
  }

  private func step(_ standard: Float, decay: Float = 1) -> Relaxation {
    let factor = relaxationDecay ?? decay
    let first = relaxation ?? standard
    return factor == 1 ? .constant(first) : .decaying(first, factor: factor)
  }

  private var tiltOrder: TiltOrder {
    switch order ?? .random {
    case .sequential: .sequential
    case .random: .random(seed: seed ?? 1)
    case .golden: .golden
    case .multilevel: .multilevel
    }
  }

  private func constraint(_ axis: TiltAxis) throws -> VoxelConstraint {
    try VoxelConstraint(
      isNonNegative: nonNegative, upperBound: upperBound, support: try support(axis))
  }

  private func support(_ axis: TiltAxis) throws -> Support? {
    try mask.map { Support(try readVolume($0, axis: axis).volume) }
  }

  /// Whether something was given that fits the series and the volume only as they are.
  var belongsToFullSize: Bool { `init` != nil || mask != nil || background != nil }

  var given: [GivenOption] {
    let sweeps: Set<MethodName> = [.sart, .tvSART, .asdPOCS]
    let relaxed: Set<MethodName> = sweeps.union([.sirt, .osSART])
    let discrete = relaxed.union([.dart])
    let iterative = Set(MethodName.allCases).subtracting([.fbp])
    let thick: Set<MethodName> = [.sirt, .osSART, .cgls, .mlem, .osem, .cs, .dart]
    let stopping: Set<MethodName> = [.sirt, .sart, .osSART, .mlem, .osem]
    return [
      GivenOption("--iterations", iterations != nil, iterative),
      GivenOption("--relaxation", relaxation != nil, discrete),
      GivenOption("--relaxation-decay", relaxationDecay != nil, discrete),
      GivenOption("--non-negative", nonNegative, discrete.union([.mlem, .osem, .cs])),
      GivenOption("--upper-bound", upperBound != nil, discrete),
      GivenOption("--mask", mask != nil, relaxed.union([.mlem, .osem])),
      GivenOption("--order", order != nil, sweeps.union([.dart])),
      GivenOption("--seed", seed != nil, sweeps.union([.dart])),
      GivenOption("--subsets", subsets != nil, [.osSART, .osem, .dart]),
      GivenOption("--background", background != nil, [.mlem, .osem, .cs]),
      GivenOption("--init", `init` != nil, iterative),
      GivenOption("--stop-change", stopChange != nil, stopping.union([.cs])),
      GivenOption("--rays", rays != nil, thick),
    ].compactMap(\.self)
  }

  /// Apart from the others, since commands that judge a result use the noise under any method.
  ///
  /// - Parameter chooses: whether λ is to be chosen.
  func givenNoise(chooses: Bool) -> [GivenOption] {
    var taking: Set<MethodName> = [
      .sirt, .sart, .osSART, .mlem, .osem, .cgls, .asdPOCS, .cs, .dart,
    ]
    if chooses { taking.insert(.tvSART) }
    return [GivenOption("--noise", noise != nil, taking)].compactMap(\.self)
  }
}
