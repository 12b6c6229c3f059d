import Fields
import Inversion
import Projection
import Reconstruction
import Transforms

extension CompressedSensing {
  private enum CodingKeys: String, CodingKey {
    case prior, iterationLimit, tolerance, rays, nonNegative, solver
    case lambda, mu, choose, choiceNoise, fidelity, background
    case reach, l1Share, tgvRatio, vanishingMoments, levels, tiltWeights
    case binWeights, binWeightAxis
    case denoiserForm, denoiserCommand, nlmWindow, nlmFreeze
  }

  private static let transmission = "transmission"

  /// Where several strengths are recorded, the one that was used: λ, then μ, then a choice.
  public init(from decoder: any Decoder) throws {
    self.init()
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
      try keys.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    prior = Prior(try keys.decode(Prior.Kind.self, forKey: .prior))
    prior.reach = try value(.reach, prior.reach)
    prior.l1Share = try value(.l1Share, prior.l1Share)
    prior.tgvRatio = try value(.tgvRatio, prior.tgvRatio)
    prior.wavelet = try value(.vanishingMoments, prior.wavelet)
    prior.levels = try value(.levels, prior.levels)
    prior.form = try value(.denoiserForm, prior.form)
    prior.program = try keys.decodeIfPresent(String.self, forKey: .denoiserCommand)
      .map { DenoiserProgram(command: $0) }
    prior.window = try keys.decodeIfPresent(Int.self, forKey: .nlmWindow)
    prior.freezeAfter = try value(.nlmFreeze, prior.freezeAfter)
    iterationLimit = try value(.iterationLimit, iterationLimit)
    tolerance = try value(.tolerance, tolerance)
    rays = try value(.rays, rays)
    isNonNegative = try value(.nonNegative, isNonNegative)
    solver = try value(.solver, solver)
    if try value(.fidelity, "gaussian") == "poisson" {
      fidelity = .poisson(background: Float(try value(.background, 0.0)))
    }
    if let lambda = try keys.decodeIfPresent(Double.self, forKey: .lambda) {
      strength = .lambda(lambda)
    } else if let mu = try keys.decodeIfPresent(Double.self, forKey: .mu) {
      strength = .mu(mu)
    } else {
      strength = .chosen(
        ChoiceRule(rawValue: try value(.choose, "auto")),
        noise: try keys.decodeIfPresent(Double.self, forKey: .choiceNoise))
    }
    if let words = try keys.decodeIfPresent(String.self, forKey: .binWeights) {
      binWeights =
        words == Self.transmission
        ? .transmission : .stack(path: words, axis: try value(.binWeightAxis, .y))
    }
    tiltWeights = try keys.decodeIfPresent(String.self, forKey: .tiltWeights).map { text in
      try text.split(separator: " ").map {
        guard let weight = Double($0) else {
          throw DecodingError.dataCorruptedError(
            forKey: .tiltWeights, in: keys, debugDescription: "not numbers")
        }
        return weight
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(prior.kind, forKey: .prior)
    try keys.encode(iterationLimit, forKey: .iterationLimit)
    try keys.encode(tolerance, forKey: .tolerance)
    try keys.encode(rays, forKey: .rays)
    try keys.encode(isNonNegative, forKey: .nonNegative)
    try keys.encode(solver, forKey: .solver)
    switch strength {
    case .lambda(let value): try keys.encode(value, forKey: .lambda)
    case .mu(let value): try keys.encode(value, forKey: .mu)
    case .chosen(let rule, let noise):
      try keys.encode(rule?.rawValue ?? "auto", forKey: .choose)
      try keys.encodeIfPresent(noise, forKey: .choiceNoise)
    }
    switch fidelity {
    case .gaussian: try keys.encode("gaussian", forKey: .fidelity)
    case .poisson(let background):
      try keys.encode("poisson", forKey: .fidelity)
      try keys.encode(Double(background), forKey: .background)
    }
    if prior.kind != .l1 && prior.kind != .l2 && prior.kind != .denoiser {
      try keys.encode(prior.reach, forKey: .reach)
    }
    if prior.kind.isDenoiser { try keys.encode(prior.form, forKey: .denoiserForm) }
    if prior.kind == .denoiser {
      try keys.encodeIfPresent(prior.program?.command, forKey: .denoiserCommand)
    }
    if prior.kind == .nlm {
      try keys.encodeIfPresent(prior.window, forKey: .nlmWindow)
      try keys.encode(prior.freezeAfter, forKey: .nlmFreeze)
    }
    if prior.kind == .tvL1 { try keys.encode(prior.l1Share, forKey: .l1Share) }
    if prior.kind == .tgv { try keys.encode(prior.tgvRatio, forKey: .tgvRatio) }
    if prior.kind == .wavelet {
      try keys.encode(prior.wavelet, forKey: .vanishingMoments)
      try keys.encode(prior.levels, forKey: .levels)
    }
    switch binWeights {
    case .transmission: try keys.encode(Self.transmission, forKey: .binWeights)
    case .stack(let path, let axis):
      try keys.encode(path, forKey: .binWeights)
      try keys.encode(axis, forKey: .binWeightAxis)
    case nil: break
    }
    let weights = tiltWeights?.map { "\($0)" }.joined(separator: " ")
    try keys.encodeIfPresent(weights, forKey: .tiltWeights)
  }

  /// - Throws: ``CompressedSensingError/chosenStrength`` where parts would choose λ for themselves.
  public func repeatable(iterations: Int?, lambda: Double?) throws -> CompressedSensing {
    var fixed = self
    if let iterations { fixed.iterationLimit = iterations }
    if let lambda { fixed.strength = .lambda(lambda) }
    (fixed.tolerance, fixed.rivals) = (0, .none)
    if case .chosen = fixed.strength { throw CompressedSensingError.chosenStrength }
    return fixed
  }

  /// μ weighs the prior against the sum over tilts, but for the σ² of a denoiser.
  ///
  /// - Throws: ``CompressedSensingError/tiltWeightCount(_:tilts:)``
  public func restricted(to tilts: [Int], of count: Int) throws -> CompressedSensing {
    var part = self
    if let weights = tiltWeights {
      guard weights.count == count else {
        throw CompressedSensingError.tiltWeightCount(weights.count, tilts: count)
      }
      part.tiltWeights = tilts.map { weights[$0] }
    }
    part.weightedTilts = tilts.map { weightedTilts?[$0] ?? $0 }
    if case .mu(let mu) = strength, !prior.kind.isDenoiser {
      part.strength = .mu(mu * Double(tilts.count) / Double(count))
    }
    return part
  }

  public func counting(over background: Double) -> CompressedSensing? {
    var fit = self
    fit.fidelity = .poisson(background: Float(background))
    return fit
  }

  public func knowingCounts() -> CompressedSensing {
    var fit = self
    fit.measuresCounts = true
    return fit
  }

  public func regularised(by mu: Double) -> CompressedSensing? {
    var fit = self
    fit.strength = .mu(mu)
    return fit
  }
}
