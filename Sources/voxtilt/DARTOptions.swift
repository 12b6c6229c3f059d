import SeriesIO
import AlgebraicReconstruction
import ArgumentParser
import Fields

/// Settings of dart; `nil` where the user said nothing.
struct DARTOptions: ParsableArguments {
  @Option(help: "What moves the free voxels: sirt, sart or os-sart. (default: sirt)")
  var dartMethod: UpdatesName?

  @Option(
    parsing: .unconditional,
    help: "The probability with which a voxel inside a region is freed. (default: 0.1)")
  var freeFraction: Double?

  @Option(
    parsing: .unconditional,
    help: "How much of the mean of its neighbours a free voxel takes, 0 to 1. (default: 0.3)")
  var smoothing: Float?

  @Option(
    parsing: .unconditional,
    help: "Iterations on the free voxels, in each iteration. (default: 10; 3 for sart and os-sart)")
  var innerIterations: Int?

  @Option(
    parsing: .unconditional,
    help:
      "Iterations on all voxels before the first segmentation. (default: 50; 10 for sart and os-sart)"
  )
  var startIterations: Int?

  @Option(help: "volume (26 neighbours) or slice (8). (default: volume)")
  var neighbours: VariationAxes?

  enum UpdatesName: String, ExpressibleByArgument, CaseIterable {
    case sirt, sart
    case osSART = "os-sart"
  }

  func method(
    _ iterative: IterativeOptions, _ prior: PriorOptions, _ axis: TiltAxis
  ) throws -> DART {
    guard let levels = prior.levels else {
      throw ValidationError(
        "--method dart requires --levels: grey levels such as 0,1,2.5, or how many to estimate.")
    }
    let name = dartMethod ?? .sirt
    try check(iterative, name)
    var bounded = iterative
    bounded.nonNegative = !prior.unconstrained
    // Updates have no end of their own.
    (bounded.stopChange, bounded.noise) = (0, nil)
    let isFast = name != .sirt
    let schedule = try DiscreteSchedule(
      freeFraction: freeFraction ?? 0.1, smoothing: smoothing ?? 0.3,
      innerIterations: innerIterations ?? (isFast ? 3 : 10),
      startIterations: startIterations ?? (isFast ? 10 : 50), axes: neighbours ?? .volume,
      seed: iterative.seed ?? 1)
    return try DART(
      levels: levels.levels, updates: try bounded.updates(name, axis),
      iterations: iterative.iterations ?? 50, schedule: schedule, noise: iterative.noise)
  }

  private func check(_ iterative: IterativeOptions, _ name: UpdatesName) throws {
    for (option, isGiven, names) in [
      ("--order", iterative.order != nil, [UpdatesName.sart]),
      ("--subsets", iterative.subsets != nil, [.osSART]),
      ("--rays", iterative.rays != nil, [.sirt, .osSART]),
    ] where isGiven && !names.contains(name) {
      throw ValidationError(
        "\(option) has no effect with --dart-method \(name.rawValue). Remove it.")
    }
  }

  var given: [GivenOption] {
    [
      GivenOption("--dart-method", dartMethod != nil, [.dart]),
      GivenOption("--free-fraction", freeFraction != nil, [.dart]),
      GivenOption("--smoothing", smoothing != nil, [.dart]),
      GivenOption("--inner-iterations", innerIterations != nil, [.dart]),
      GivenOption("--start-iterations", startIterations != nil, [.dart]),
      GivenOption("--neighbours", neighbours != nil, [.dart]),
    ].compactMap(\.self)
  }
}

extension IterativeOptions {
  /// What moves the free voxels of dart.
  fileprivate func updates(
    _ name: DARTOptions.UpdatesName, _ axis: TiltAxis
  ) throws -> DiscreteUpdates {
    switch name {
    case .sirt: .sirt(try sirt(axis))
    case .sart: .sart(try sart(axis))
    case .osSART: .osSART(try osSART(axis))
    }
  }
}

/// A number, or numbers with commas between them.
struct LevelsArgument: ExpressibleByArgument {
  let levels: GreyLevels

  init?(argument: String) {
    if let count = Int(argument) {
      levels = .estimated(count)
      return
    }
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = words.compactMap { Double($0) }
    guard values.count == words.count, values.count > 1 else { return nil }
    levels = .given(values)
  }

  /// `nil` for a list.
  var count: Int? { if case .estimated(let count) = levels { count } else { nil } }
}
