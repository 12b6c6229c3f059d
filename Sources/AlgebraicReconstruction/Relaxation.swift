import Reconstruction

/// `β`, the step of a relaxed method, sweep by sweep.
public enum Relaxation: Sendable, Hashable {
  case constant(Float)
  /// `β · factor^(sweep − 1)`
  case decaying(Float, factor: Float)

  /// `β` of a sweep, counted from 1.
  public func value(sweep: Int) -> Float {
    switch self {
    case .constant(let value): value
    case .decaying(let first, let factor):
      (1..<max(1, sweep)).reduce(first) { value, _ in value * factor }
    }
  }

  /// - Throws: `ReconstructionError.relaxation` unless 0 < β < 2, ``AlgebraicError/decay(_:)``
  ///   unless 0 < factor ≤ 1.
  func validate() throws {
    let first = value(sweep: 1)
    guard first > 0 && first < 2 else { throw ReconstructionError.relaxation(first) }
    if case .decaying(_, let factor) = self, !(factor > 0 && factor <= 1) {
      throw AlgebraicError.decay(factor)
    }
  }

}

extension Relaxation: Codable {
  private enum CodingKeys: String, CodingKey {
    case first = "relaxation"
    case factor = "relaxationDecay"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    let first = try keys.decode(Float.self, forKey: .first)
    let factor = try keys.decodeIfPresent(Float.self, forKey: .factor)
    self = factor.map { .decaying(first, factor: $0) } ?? .constant(first)
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .constant(let value): try keys.encode(value, forKey: .first)
    case .decaying(let first, let factor):
      try keys.encode(first, forKey: .first)
      try keys.encode(factor, forKey: .factor)
    }
  }
}
