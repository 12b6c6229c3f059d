import ArgumentParser
import CompressedSensing
import Reconstruction

/// A method as a run was made with it, with nothing left to choose, for some of the tilts.
struct FixedMethod {
  private let options: MethodOptions
  /// What was left away.
  let notes: [String]

  /// - Parameters:
  ///   - iterations: the number that was run; `nil` for the method's own.
  ///   - lambda: the strength that was used; `nil` for what the options say.
  init(_ options: MethodOptions, iterations: Int?, lambda: Double?) throws {
    var fixed = options
    var notes: [String] = []
    if options.iterative.`init` != nil {
      notes.append(
        "The runs begin from nothing: --init is left away, since halves must not share it.")
    }
    if options.iterative.mask != nil {
      notes.append("The runs have no mask: --mask is left away, since halves must not share it.")
    }
    (fixed.iterative.`init`, fixed.iterative.mask) = (nil, nil)
    let method = options.method
    if method != .fbp { fixed.iterative.iterations = iterations ?? options.iterative.iterations }
    let canSettle: Set<MethodName> = [.sirt, .sart, .osSART, .mlem, .osem, .cs]
    if canSettle.contains(method) { fixed.iterative.stopChange = 0 }
    // Only asd-pocs computes with the noise; the others end by it.
    if method != .asdPOCS { fixed.iterative.noise = nil }
    if method == .cs {
      guard options.prior.regulariser != .auto else {
        throw ValidationError(
          "Quality repeats the method on halves of the tilts, which must share one prior. Name the regulariser instead of auto."
        )
      }
      (fixed.prior.choose, fixed.prior.tiltWeights) = (
        nil, options.prior.tiltWeights?.file.map { .file($0) }
      )
      if let lambda {
        (fixed.prior.lambda, fixed.prior.mu) = (LambdaArgument(argument: "\(lambda)"), nil)
      }
      guard fixed.prior.mu != nil || fixed.prior.lambda?.value != nil else {
        throw ValidationError(
          "Halves must share one strength. Give --lambda with the value that the volume was made with."
        )
      }
    }
    (self.options, self.notes) = (fixed, notes)
  }

  /// - Parameters:
  ///   - count: of all tilts.
  ///   - weights: of all tilts; `nil` for those of the options.
  func make(
    for count: Int, weights: [Double]?
  ) throws -> @Sendable (_ tilts: [Int]) throws -> any ReconstructionMethod {
    let method = MethodOptions.weighing(try options.make(), weights)
    if let weights = (method as? CompressedSensing)?.tiltWeights, weights.count != count {
      throw CompressedSensingError.tiltWeightCount(weights.count, tilts: count)
    }
    return { tilts in
      guard var method = method as? CompressedSensing else { return method }
      method.tiltWeights = method.tiltWeights.map { weights in tilts.map { weights[$0] } }
      // μ weighs the prior against the sum over tilts.
      if case .mu(let mu) = method.strength {
        method.strength = .mu(mu * Double(tilts.count) / Double(count))
      }
      return method
    }
  }
}
