/// Whether the pixels of a series count electrons: what a likelihood of counts rests on.
package enum Counting: Sendable, Hashable {
  /// Counts, or sums of them: each pixel is a Poisson variable of its own.
  case whole
  /// Counts that linear weights shared out among neighbours: none is negative and their sums hold, but neighbours share
  /// noise and vary less than counts do.
  case shared
  /// They were counts until a step of this name.
  case ended(by: String)

  /// Whether a likelihood of counts may be asked of them.
  package var isHeld: Bool { self == .whole || self == .shared }

  package func after(_ step: some PreparationStep) -> Counting {
    switch (self, step.countEffect) {
    case (.ended, _), (_, .none): self
    case (_, .sharing): .shared
    case (_, .end): .ended(by: step.name)
    }
  }
}

/// What a step makes of counts.
package enum CountEffect: Sendable { case none, sharing, end }

extension Counting: Codable {
  private enum Key: String, CodingKey { case state, by }
  private enum State: String, Codable { case whole, shared, ended }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    switch try keys.decode(State.self, forKey: .state) {
    case .whole: self = .whole
    case .shared: self = .shared
    case .ended: self = .ended(by: try keys.decode(String.self, forKey: .by))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    switch self {
    case .whole: try keys.encode(State.whole, forKey: .state)
    case .shared: try keys.encode(State.shared, forKey: .state)
    case .ended(let step):
      try keys.encode(State.ended, forKey: .state)
      try keys.encode(step, forKey: .by)
    }
  }
}
