/// What a run did, in a form that can be written beside its result.
public struct ReconstructionReport: Sendable {
  public let method: String
  public let settings: [String: Setting]
  public let traits: MethodTraits
  /// The strength of the prior, dimensionless and in absolute units, for a method that has one.
  public let lambda: Double?
  public let mu: Double?
  /// Iterations that were run.
  public let iterations: Int
  public let history: [HistoryEntry]
  public let stopReason: StopReason
  /// How the strength of the prior was chosen, where the run chose it.
  public let lambdaChoice: (any Encodable & Sendable)?
  public let warnings: [String]

  /// - Parameters:
  ///   - lambda: the strength of the prior, and `mu` the same in absolute units.
  ///   - found: settings that the run itself found besides.
  ///   - lambdaChoice: how it was chosen.
  ///   - warnings: what a reader of the result should know.
  public init(
    method: some ReconstructionMethod, lambda: Double? = nil, mu: Double? = nil,
    found: [String: Setting] = [:], iterations: Int,
    history: [HistoryEntry], stopReason: StopReason,
    lambdaChoice: (any Encodable & Sendable)? = nil, warnings: [String] = []
  ) {
    (self.lambdaChoice, self.warnings) = (lambdaChoice, warnings)
    (self.method, traits) = (method.name, method.traits)
    (self.lambda, self.mu) = (lambda, mu)
    var settings = method.settings.merging(found) { $1 }
    if let lambda { settings["lambda"] = .number(lambda) }
    if let mu { settings["mu"] = .number(mu) }
    self.settings = settings
    (self.iterations, self.history, self.stopReason) = (iterations, history, stopReason)
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
  package init(iteration: Int, _ sums: IterationSums, of census: MeasurementCensus) {
    let residual = sums.residual.reduce(0, +)
    let (measured, norm) = (census.squares.reduce(0, +), sums.norm.reduce(0, +))
    self.init(
      iteration: iteration,
      misfit: measured > 0 ? (residual / measured).squareRoot() : nil,
      residual: (residual / Double(census.valueCount)).squareRoot(),
      relativeChange: norm > 0 ? (sums.change.reduce(0, +) / norm).squareRoot() : nil)
  }
}
