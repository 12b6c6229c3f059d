import SeriesIO
import ArgumentParser
import Fields
import Reconstruction
import VariationalReconstruction
import Workflow

/// A method of reconstruction with its settings, as every command takes them that reconstructs.
struct MethodOptions: ParsableArguments {
  @Option(name: .customLong("method"), help: "\(MethodName.list). (default: sirt)")
  var given: MethodName?

  var method: MethodName { given ?? .sirt }

  @OptionGroup(title: "fbp") var fbp: FBPOptions
  @OptionGroup(title: "Iterative methods") var iterative: IterativeOptions
  @OptionGroup(title: "tv-sart and asd-pocs") var descent: DescentOptions
  @OptionGroup(title: "cs; --lambda and --choose halving also tv-sart and asd-pocs") var prior:
    PriorOptions

  @OptionGroup(title: "dart; also --levels, --unconstrained") var discrete: DARTOptions

  func validate() throws {
    try check(settings)
  }

  /// All that the user said, besides the method and the noise.
  var settings: [GivenOption] {
    fbp.given + iterative.given + descent.given + prior.given + discrete.given
  }

  /// The noise, where the method takes it only for a choice of λ that is not asked for.
  var givenNoise: [GivenOption] {
    let chooses = prior.choose != nil || prior.lambda.map { $0.value == nil } ?? false
    return iterative.givenNoise(chooses: chooses)
  }

  /// Refuses what was given and means nothing to the method.
  func check(_ given: [GivenOption]) throws {
    for option in given where !option.methods.contains(method) {
      throw ValidationError(
        "\(option.name) has no effect with --method \(method.rawValue). "
          + "Remove it, or choose another method.")
    }
  }

  /// - Parameter isBlurred: whether a point spread is modelled.
  func make(isBlurred: Bool = false) throws -> any ReconstructionMethod {
    if case .prepared = prior.tiltWeights {
      throw ValidationError("--tilt-weights prepared requires reconstruct. Give a file.")
    }
    return try make(.y, weights: nil, isBlurred)
  }

  /// The method for a series, with the weights that its preparation tells where they are asked for.
  ///
  /// - Parameter isBlurred: whether a point spread is modelled.
  func make(
    for source: SeriesSource, isBlurred: Bool = false
  ) throws -> any ReconstructionMethod {
    try make(source.axis, weights: try preparedWeights(source), isBlurred)
  }

  private func make(
    _ axis: TiltAxis, weights: [Double]?, _ isBlurred: Bool
  ) throws -> any ReconstructionMethod {
    let method = try make(axis, weights: weights)
    guard isBlurred, iterative.iterations == nil, var patient = method as? CompressedSensing else {
      return method
    }
    patient.iterationLimit *= CompressedSensing.patience
    return patient
  }

  /// - Returns: `nil` unless they are asked for.
  private func preparedWeights(_ source: SeriesSource) throws -> [Double]? {
    guard case .prepared = prior.tiltWeights else { return nil }
    guard let weights = source.tiltWeights else {
      throw ValidationError(
        "No sidecar of '\(source.path)' contains weights of its tilts. voxtilt prepare --beer-lambert or --weights "
          + "writes them; give a file of weights, or remove --tilt-weights prepared.")
    }
    return weights
  }

  /// - Parameter weights: of all tilts; `nil` for those of a file that is named.
  private func make(_ axis: TiltAxis, weights: [Double]?) throws -> any ReconstructionMethod {
    switch method {
    case .fbp: fbp.method
    case .sirt: try iterative.sirt(axis)
    case .sart: try iterative.sart(axis)
    case .osSART: try iterative.osSART(axis)
    case .cgls: try iterative.cgls
    case .mlem: try iterative.mlem(axis, subsets: 1)
    case .osem: try iterative.mlem(axis, subsets: 8)
    case .tvSART: try descent.tvSART(iterative, prior, axis)
    case .asdPOCS: try descent.asdPOCS(iterative, prior, axis)
    case .dart: try discrete.method(iterative, prior, axis)
    case .cs: try prior.method(iterative, axes: descent, axis, weights: weights)
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
  case dart
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
