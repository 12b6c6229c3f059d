/// What a run did, in a form that can be written beside its result.
public struct ReconstructionReport: Sendable {
  /// ``ReconstructionMethod/name``, such as `sirt`.
  public let method: String
  /// The parameters of the method by name, and what the run itself found, such as a chosen `lambda`.
  public let settings: [String: Setting]
  /// Those of the method as it was asked for, before it chose anything.
  public let traits: MethodTraits
  /// The dimensionless strength λ of the prior; `nil` without a prior, or where only μ is known.
  public let lambda: Double?
  /// The weight μ that the prior had in the objective, in absolute units; `nil` without a prior.
  public let mu: Double?
  /// Iterations that were run; 1 for a direct method.
  public let iterations: Int
  /// One entry per iteration; empty for a direct method.
  public let history: [HistoryEntry]
  /// Whether the method is direct, came to its limit, or met a stop rule before it.
  public let stopReason: StopReason
  /// How the strength of the prior was chosen, where the run chose it: a `StrengthChoice` of `CompressedSensing`, or a
  /// `HalvedStrength` of `TVSART` and `ASDPOCS`.
  public let lambdaChoice: (any Encodable & Sendable)?
  /// Sentences that a reader of the volume should know; empty where nothing was conspicuous.
  public let warnings: [String]

  /// - Parameters:
  ///   - lambda: the dimensionless strength of the prior; a setting of that name is added.
  ///   - mu: the same in absolute units, likewise.
  ///   - found: settings that the run itself found; they replace those of the method.
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

/// One iteration, over all true slices. Values that a method does not know are `nil`.
///
/// The `x` of a residual is the volume that the iteration began with, or for each tilt or subset of tilts the one that
/// it was compared with. ASD-POCS takes the volume after the sweep, compressed sensing that after the iteration.
public struct HistoryEntry: Sendable, Hashable, Codable {
  /// Counted from 1.
  public let iteration: Int
  /// `‖y − Hx‖ / ‖y‖`
  public let misfit: Double?
  /// The root mean square of `y − Hx`, in the units of the series; of `y − Hx − b` with a background b.
  public let residual: Double?
  /// `‖Δx‖ / ‖x‖`, with x after the update.
  public let relativeChange: Double?
  /// What is minimised, for a method that minimises something.
  public let objective: Double?

  /// For a method of your own; what it does not know is `nil`.
  public init(
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
