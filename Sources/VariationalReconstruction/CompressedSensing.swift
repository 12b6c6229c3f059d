public import Fields
import Inversion
import Operators
public import Projection
public import Reconstruction
import Transforms

/// Reconstruction as one convex problem: `argmin_x ½ ‖Hx − y‖²_W + μ R(x)` with `x ≥ 0`.
///
/// Solved by the preconditioned primal-dual method, or by FISTA. Cost: O(voxels × tilts) an iteration.
/// Memory: two volumes and the dual (three volumes for tv over x, y and z, two for tv in slices and
/// for wavelets, none for l1 and l2; 15 or 9 with the unknowns of tgv), and four series; see ``memory(for:workers:)``.
///
/// - References: R. Leary et al., Ultramicroscopy 131, 70 (2013); E. Sidky, J. Jørgensen and X. Pan,
///   Phys. Med. Biol. 57, 3065 (2012).
public struct CompressedSensing: ReconstructionMethod {
  /// `R(x)`; total variation over x, y and z by default.
  public var prior = Prior(.tv)
  /// Other priors that are tried where λ is chosen.
  package var rivals = Rivals.none
  /// λ = 1e-4 by default, whatever the series; ``Strength/automatic`` chooses λ for it.
  public var strength = Strength.lambda(1e-4)
  /// The noise that the fit assumes; counts for `.poisson` must not be negative.
  public var fidelity = Fidelity.gaussian
  /// Whether the measurements are known to be counts, so that the variance of each is its mean: a choice of λ then knows the noise.
  public var measuresCounts = false
  /// One a tilt, such as 1/variance; by default all the same.
  package var tiltWeights: [Double]?
  /// One a bin; by default all the same.
  package var binWeights: BinWeights?
  /// Where the tilts stand among those of ``binWeights``, where they are not all.
  var weightedTilts: [Int]?
  /// Whether `x ≥ 0` is asked for, as by default.
  public var isNonNegative = true
  /// Both minimise the same objective; only a primal-dual run can be kept and resumed.
  public var solver = Solver.primalDual
  public var iterationLimit = 150
  /// Ends once an iteration changes the volume by less than this part, `‖Δx‖ / ‖x‖`; 0 never does.
  public var tolerance = 1e-4
  /// How many times the iterations a fit through optics takes.
  package static let patience = 4
  /// Iterations of the primal-dual method that are made in any case.
  var leastIterations = 2
  package var rays = RayModel.joseph

  /// Total variation with λ = 1e-4 and `x ≥ 0`; the properties can be set one by one.
  public init() {}

  /// - Parameter strength: how strongly the prior is weighed; `.automatic` chooses λ from the series.
  public init(_ strength: Strength, prior: Prior = Prior(.tv)) {
    (self.strength, self.prior) = (strength, prior)
  }

  public var name: String { "cs" }
  public var traits: MethodTraits {
    var traits = MethodTraits(
      regularisation: .fixed, isResumable: solver == .primalDual && !rivals.mayBeTaken)
    if case .chosen = strength { traits.regularisation = .chosen }
    if case .poisson(let background) = fidelity { traits.countBackground = Double(background) }
    return traits
  }

  /// - Throws: `ReconstructionError`, ``CompressedSensingError`` or `InversionError` where a
  ///   setting cannot work, or counts are negative.
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
    try check(geometry)
    if let binWeights, series.weights == nil {
      var weighted = series
      weighted.weights = try binWeights.values(for: series, tilts: weightedTilts)
      return try reconstruct(
        weighted, geometry, from: start, workers: workers, monitor: monitor, keeper: keeper)
    }
    if let start, start.shape != geometry.volume {
      throw ReconstructionError.startShape(start.shape, expected: geometry.volume)
    }
    if case .chosen(let rule, let noise) = strength {
      try Problem.check(self, series)
      let (found, choice, keeper) = try settle(
        (rule, noise), series, geometry, workers, monitor, keeper)
      var settled = found
      settled.strength = .lambda(choice.choice.lambda)
      let (volume, report) = try settled.reconstruct(
        series, geometry, from: start, workers: workers, monitor: monitor, keeper: keeper)
      return (
        volume,
        ReconstructionReport(
          method: found, lambda: report.lambda, mu: report.mu, found: report.settings,
          iterations: report.iterations,
          history: report.history, stopReason: report.stopReason, lambdaChoice: choice,
          warnings: choice.warnings + report.warnings)
      )
    }
    let projector = ParallelProjector(geometry, model: rays, workers: workers)
    let problem = try Problem(self, series, projector, isCancelled: monitor.isCancelled)
    var x = start?.voxels ?? FloatStorage(zeros: projector.domainCount)
    let report = try minimise(problem, from: &x, workers, monitor, keeper)
    let volume = Volume(x, shape: geometry.volume, voxelSize: series.pixelSize)
    let limit = ContrastLimit(self, mu: problem.mu, series, volume)
    var found: [String: Setting] = [:]
    found["muL1"] = problem.muL1.map(Setting.number)
    found["contrastLimit"] = limit.map { .number($0.share) }
    if let facts = report.denoiser {
      found["denoiserStrength"] = .number(problem.mu.squareRoot())
      found["fixedPointResidual"] = .number(facts.fixedPointResidual)
      found["largestEigenvalue"] = .number(facts.largestEigenvalue)
    }
    return (
      volume,
      ReconstructionReport(
        method: self, lambda: problem.lambda, mu: problem.mu, found: found,
        iterations: report.iterations,
        history: problem.history(report),
        stopReason: report.stop == .settled ? .settled : .iterationLimit,
        warnings: [limit?.warning, report.denoiser?.warning, unsettled(geometry, report)]
          .compactMap(\.self))
    )
  }

  /// Solves by the chosen solver, from and overwriting `x`.
  func minimise(
    _ problem: Problem, from x: inout FloatStorage, _ workers: Workers,
    _ monitor: Monitor, _ keeper: (any RunKeeper)? = nil
  ) throws -> SolverReport {
    switch solver {
    case .primalDual:
      var solver = primalDual(problem, workers)
      solver.judgesDenoiser = prior.kind.isDenoiser
      if prior.kind == .nlm { solver.leastIterations = prior.freezeAfter + 12 }
      return try finished(monitor) {
        try KeptSolve(solver, problem.objective, keeper, monitor)
          .run(from: &x) { tell($0, monitor) }
      }
    case .fista: return try descend(problem.objective, from: &x, workers, monitor)
    }
  }

  /// The same, going on with the duals of a similar problem, which are overwritten; FISTA has none.
  func minimise(
    _ problem: Problem, from x: inout FloatStorage, duals: inout [FloatStorage],
    _ workers: Workers, _ monitor: Monitor
  ) throws -> SolverReport {
    switch solver {
    case .primalDual:
      try finished(monitor) {
        try primalDual(problem, workers)
          .minimise(problem.objective, from: &x, duals: &duals) { tell($0, monitor) }
      }
    case .fista: try descend(problem.objective, from: &x, workers, monitor)
    }
  }

  private func primalDual(_ problem: Problem, _ workers: Workers) -> PrimalDual {
    var solver = PrimalDual()
    solver.balance = problem.balance
    (solver.iterationLimit, solver.tolerance) = (iterationLimit, tolerance)
    (solver.workers, solver.leastIterations) = (workers, leastIterations)
    return solver
  }

  private func descend(
    _ objective: Objective, from x: inout FloatStorage, _ workers: Workers, _ monitor: Monitor
  ) throws -> SolverReport {
    var solver = ProximalGradient()
    (solver.iterationLimit, solver.tolerance) = (iterationLimit, tolerance)
    solver.workers = workers
    solver.judgesDenoiser = prior.kind.isDenoiser
    return try finished(monitor) {
      try solver.minimise(objective, from: &x) { tell($0, monitor) }
    }
  }

  /// - Returns: whether the run goes on.
  private func tell(_ report: SolverReport, _ monitor: Monitor) -> Bool {
    monitor.onProgress(
      Monitor.Progress(
        iteration: report.iterations, iterationLimit: iterationLimit,
        fraction: Double(report.iterations) / Double(iterationLimit)))
    return !monitor.isCancelled()
  }

  private func finished(
    _ monitor: Monitor, _ solve: () throws -> SolverReport
  ) throws -> SolverReport {
    do {
      let report = try solve()
      guard report.stop != .cancelled else { throw ReconstructionError.interrupted }
      return report
    } catch is InversionError where monitor.isCancelled() {
      throw ReconstructionError.interrupted  // a denoiser was stopped
    }
  }

  /// A blur in the model hides fine detail from the gradient, which takes several times the iterations to come out.
  private func unsettled(_ geometry: TiltGeometry, _ report: SolverReport) -> String? {
    guard geometry.optics != nil, report.stop == .iterationLimit, tolerance > 0 else {
      return nil
    }
    let change = report.residual.last.map { "\(Float($0))" } ?? "unknown"
    return """
      The fit through the point spread is not settled after \(report.iterations) iterations: the last one changed the volume by \
      \(change) of itself. Raise --iterations.
      """
  }

  private func check(_ geometry: TiltGeometry) throws {
    guard iterationLimit > 0 else { throw ReconstructionError.iterations(iterationLimit) }
    guard tolerance >= 0 else { throw ReconstructionError.tolerance(tolerance) }
    guard solver == .primalDual || ([prior.kind] + rivals.kinds).allSatisfy({ $0 != .tgv }) else {
      throw CompressedSensingError.descentOfTGV
    }
    let value: Double? =
      switch strength {
      case .lambda(let value), .mu(let value): value
      case .chosen(_, let noise): noise
      }
    for case .some(let value) in [value, prior.l1Share, prior.tgvRatio]
    where !(value > 0 && value.isFinite) {
      throw CompressedSensingError.strength(value)
    }
    guard (tiltWeights == nil && binWeights == nil) || fidelity == .gaussian else {
      throw CompressedSensingError.weightedCounts
    }
    guard let tiltWeights else { return }
    guard tiltWeights.count == geometry.tilts.count else {
      throw CompressedSensingError.tiltWeightCount(
        tiltWeights.count, tilts: geometry.tilts.count)
    }
    for weight in tiltWeights where !(weight >= 0 && weight.isFinite) {
      throw CompressedSensingError.tiltWeight(weight)
    }
  }
}
