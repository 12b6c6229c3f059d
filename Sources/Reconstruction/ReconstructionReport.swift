/// What a run did, in a form that can be written beside its result.
public struct ReconstructionReport: Sendable {
  public let method: String
  public let settings: [String: Setting]
  /// Iterations that were run.
  public let iterations: Int
  public let history: [HistoryEntry]
  public let stopReason: StopReason
  /// How the strength of the prior was chosen, where the run chose it.
  public let lambdaChoice: (any Encodable & Sendable)?
  public let warnings: [String]

  /// - Parameters:
  ///   - found: settings that the run itself found, such as a strength.
  ///   - lambdaChoice: how it was chosen.
  ///   - warnings: what a reader of the result should know.
  public init(
    method: some ReconstructionMethod, found: [String: Setting] = [:], iterations: Int,
    history: [HistoryEntry], stopReason: StopReason,
    lambdaChoice: (any Encodable & Sendable)? = nil, warnings: [String] = []
  ) {
    (self.lambdaChoice, self.warnings) = (lambdaChoice, warnings)
    self.method = method.name
    settings = method.settings.merging(found) { $1 }
    (self.iterations, self.history, self.stopReason) = (iterations, history, stopReason)
  }
}

extension ReconstructionReport {
  /// The dimensionless strength of the prior, for a method that has one.
  public var lambda: Double? {
    switch settings["lambda"] {
    case .number(let value): value
    case .count(let value): Double(value)
    default: nil
    }
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
  /// What is minimised, for a method that minimises something.
  public let objective: Double?

  package init(
    iteration: Int, misfit: Double?, residual: Double?, relativeChange: Double?,
    objective: Double? = nil
  ) {
    (self.iteration, self.misfit, self.residual) = (iteration, misfit, residual)
    (self.relativeChange, self.objective) = (relativeChange, objective)
  }

  /// From the sums over each slice, added up in slice order.
  ///
  /// - Parameter census: of the measurements that the residual belongs to.
  public init(iteration: Int, _ sums: IterationSums, of census: MeasurementCensus) {
    let residual = sums.residual.reduce(0, +)
    let (measured, norm) = (census.squares.reduce(0, +), sums.norm.reduce(0, +))
    self.init(
      iteration: iteration,
      misfit: measured > 0 ? (residual / measured).squareRoot() : nil,
      residual: (residual / Double(census.valueCount)).squareRoot(),
      relativeChange: norm > 0 ? (sums.change.reduce(0, +) / norm).squareRoot() : nil)
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
