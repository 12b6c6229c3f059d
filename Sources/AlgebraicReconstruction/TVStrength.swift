import Reconstruction

/// How long a step down total variation is.
public enum TVStrength: Sendable, Hashable {
  /// A part of the sweep's move: ``TVDescent/factor``; of the first one for ASD-POCS.
  case sweep
  /// `λ ‖x‖`, without dimension, with x after the sweep; after the first one for ASD-POCS.
  case lambda(Double)
  /// The largest λ of 1e-2 · 2ᵏ whose result has a residual within 2 % of `noise`, the standard deviation of a measurement, or below; for
  /// ASD-POCS at most 0.08. `nil` estimates the noise from the series.
  case halved(noise: Double?)

  /// - Throws: ``AlgebraicError/lambda(_:)`` or ``AlgebraicError/noise(_:)`` unless they are positive.
  func validate() throws(AlgebraicError) {
    switch self {
    case .lambda(let value) where !(value > 0 && value.isFinite): throw .lambda(value)
    case .halved(.some(let noise)) where !(noise > 0 && noise.isFinite): throw .noise(noise)
    default: break
    }
  }

  /// `nil` where none is given.
  var lambda: Double? { if case .lambda(let value) = self { value } else { nil } }

  var isHalved: Bool { if case .halved = self { true } else { false } }

  var regularisation: MethodTraits.Regularisation { isHalved ? .chosen : .fixed }

  /// Of a step after a sweep, one a slice.
  func lengths(_ sums: IterationSums, of variation: borrowing TotalVariation, factor: Float)
    -> [Double]
  {
    if let lambda {
      variation.pooled(sums.norm).map { lambda * $0.squareRoot() }  // λ ‖x‖
    } else {
      variation.pooled(sums.change).map { Double(factor) * $0.squareRoot() }  // α d
    }
  }

  /// For a part of the tilts: a sweep over fewer moves the volume less.
  func restricted(to tilts: [Int], of count: Int) -> TVStrength {
    guard case .lambda(let value) = self else { return self }
    return .lambda(value * Double(tilts.count) / Double(count))
  }

  /// With nothing left to choose.
  ///
  /// - Throws: ``AlgebraicError/chosenLambda`` where parts would choose λ for themselves.
  func fixed(at lambda: Double?) throws(AlgebraicError) -> TVStrength {
    switch self {
    case .sweep: return .sweep
    case .lambda(let value): return .lambda(lambda ?? value)
    case .halved:
      guard let lambda else { throw .chosenLambda }
      return .lambda(lambda)
    }
  }
}

extension TVStrength: Codable {
  private enum CodingKeys: String, CodingKey { case lambda, choose, choiceNoise }

  /// Where a λ is recorded beside its choice, that one.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    if let lambda = try keys.decodeIfPresent(Double.self, forKey: .lambda) {
      self = .lambda(lambda)
    } else if keys.contains(.choose) {
      self = .halved(noise: try keys.decodeIfPresent(Double.self, forKey: .choiceNoise))
    } else {
      self = .sweep
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .sweep: break
    case .lambda(let value): try keys.encode(value, forKey: .lambda)
    case .halved(let noise):
      try keys.encode("halving", forKey: .choose)
      try keys.encodeIfPresent(noise, forKey: .choiceNoise)
    }
  }
}
