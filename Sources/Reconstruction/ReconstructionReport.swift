/// What a run did, in a form that can be written beside its result.
public struct ReconstructionReport: Sendable {
  public let method: String
  public let settings: [String: Setting]
  /// Iterations that were run.
  public let iterations: Int
  public let history: [HistoryEntry]
  public let stopReason: StopReason

  package init(
    method: String, settings: [String: Setting], iterations: Int, history: [HistoryEntry],
    stopReason: StopReason
  ) {
    (self.method, self.settings, self.iterations) = (method, settings, iterations)
    (self.history, self.stopReason) = (history, stopReason)
  }
}

/// One iteration, over all true slices.
public struct HistoryEntry: Sendable, Hashable, Codable {
  public let iteration: Int
  /// `‖y − Hx‖ / ‖y‖` before the update.
  public let misfit: Double?
  /// The root mean square of `y − Hx` before the update.
  public let residual: Double?
  /// `‖Δx‖ / ‖x‖`
  public let relativeChange: Double?

  package init(iteration: Int, misfit: Double?, residual: Double?, relativeChange: Double?) {
    (self.iteration, self.misfit) = (iteration, misfit)
    (self.residual, self.relativeChange) = (residual, relativeChange)
  }
}

/// A value of a setting. In JSON a number without a fraction reads as a count.
public enum Setting: Sendable, Hashable, Codable {
  case number(Double)
  case count(Int)
  case text(String)
  case flag(Bool)

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .count(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .count(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }
}
