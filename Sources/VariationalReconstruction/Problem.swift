import Fields
import Inversion
import Operators
import Projection
import RealModule
import Reconstruction
import Transforms

/// The objective of one series, with the weights that were found for it.
struct Problem {
  let objective: Objective
  let mu: Double
  let lambda: Double?
  /// With tv + l1.
  let muL1: Double?
  /// Of the primal-dual steps.
  ///
  /// The stronger tv is, the longer its dual and the flatter the volume: `16 min(1, (4e-4/λ)^(2/3))`, at least 1, comes nearest to what
  /// needs the fewest iterations (docs/guides/CompressedSensing.md).
  let balance: Double
  /// `‖y‖²`, where the misfit is `‖Hx − y‖`.
  private let measuredSquares: Double?
  private let valueCount: Int

  /// - Parameter isCancelled: asked while a program denoises.
  init(
    _ method: CompressedSensing, _ series: TiltSeries, _ projector: ParallelProjector,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let (shape, workers) = (series.shape.slabs, projector.workers)
    let (discrepancy, weights) = Self.discrepancy(method, series)
    // Counts are checked before anything is scaled by them.
    let fidelity = try DataFidelity(
      discrepancy, of: projector, to: series.projections, shape)
    let (prior, volume) = (method.prior, projector.geometry.volume.slabs)
    let reference = ReferenceStrength(series.projections, projector, weights: weights)
    let gradient = SlabGradient(volume, reach: prior.reach, workers: workers)
    let transform = Self.transform(prior, volume, workers)
    switch method.strength {
    case .lambda(let value):
      mu = value * (try Self.scale(reference, prior, transform))
      lambda = value
    case .mu(let value):
      mu = value
      lambda = (try? Self.scale(reference, prior, transform)).map { value / $0 }
    case .chosen: preconditionFailure("a strength is chosen before a problem is set up")
    }
    balance =
      prior.kind.isVariation
      ? Self.balance(lambda: lambda ?? 0)
      : prior.kind.isDenoiser ? Denoising.balance(prior.form) : PrimalDual().balance

    var regulariser: (any Regulariser)?
    var (sparsity, square) = (0.0, 0.0)
    switch prior.kind {
    case .tv: regulariser = try TotalVariation(Float(mu), gradient)
    case .tvL1:
      regulariser = try TotalVariation(Float(mu), gradient)
      sparsity = reference.sparsity(besideTV: mu, share: prior.l1Share)
    case .gradient: regulariser = try SquaredGradient(Float(mu), gradient)
    case .wavelet: regulariser = try WaveletSparsity(Float(mu), transform)
    case .l1: sparsity = mu
    case .l2: square = mu
    case .tgv:
      regulariser = try TotalGeneralisedVariation(
        Float(mu), ratio: Float(reference.bendRatio(prior.tgvRatio)), gradient)
    case .nlm, .denoiser:
      regulariser = try Denoising(
        method, σ: mu.squareRoot(), volume, reference, workers, isCancelled
      ).regulariser
    }
    objective = Objective(
      [fidelity], regulariser: regulariser,
      pointwise: try PointwisePenalty(
        sparsity: Float(sparsity), square: Float(square),
        bounds: method.isNonNegative ? 0...(.infinity) : -.infinity...(.infinity)))
    muL1 = prior.kind == .tvL1 ? sparsity : nil
    valueCount = shape.valueCount
    measuredSquares =
      method.fidelity == .gaussian && method.tiltWeights == nil && series.weights == nil
      ? dot(series.projections.span, series.projections.span) : nil
  }

  private static func balance(lambda: Double) -> Double {
    max(
      1,
      PrimalDual().balance * min(1, Double.pow(4e-4 / max(lambda, .leastNormalMagnitude), 2.0 / 3)))
  }

  /// Refuses measurements that the fit cannot take, wherever they stand.
  static func check(_ method: CompressedSensing, _ series: TiltSeries) throws {
    try discrepancy(method, series).0.check(series.projections.span)
  }

  /// `μ / λ` for a series.
  static func referenceStrength(
    _ method: CompressedSensing, _ series: TiltSeries, _ projector: ParallelProjector
  ) throws -> Double {
    let reference = ReferenceStrength(
      series.projections, projector, weights: discrepancy(method, series).1)
    return try scale(
      reference, method.prior,
      transform(method.prior, projector.geometry.volume.slabs, projector.workers))
  }

  private static func scale(
    _ reference: ReferenceStrength, _ prior: Prior, _ transform: SlabWavelet
  ) throws(CompressedSensingError) -> Double {
    guard reference.l1 > 0 else { throw .emptySeries }
    return reference.value(for: prior, splitAxes: transform.splitAxisCount)
  }

  private static func transform(
    _ prior: Prior, _ volume: SlabShape, _ workers: Workers
  ) -> SlabWavelet {
    SlabWavelet(
      volume, wavelet: prior.wavelet, levels: prior.levels, reach: prior.reach, workers: workers)
  }

  /// The discrepancy, and the weights with which it sees the measurement on the whole.
  private static func discrepancy(
    _ method: CompressedSensing, _ series: TiltSeries
  ) -> (any SmoothDiscrepancy, RunFactors) {
    switch method.fidelity {
    case .gaussian:
      let weights =
        series.runFactors(timesTilts: method.tiltWeights)
        ?? method.tiltWeights.map { RunFactors(perPage: $0.map(Float.init), series.shape.slabs) }
      let uniform = weights ?? RunFactors(uniform: 1)
      return (SquaredDistance(weights: uniform), uniform)
    case .poisson(let background):
      let fit = KullbackLeibler(background: RunFactors(uniform: background))
      let curvature = fit.meanCurvature(
        series.projections.span, valueCount: series.shape.slabs.valueCount)
      return (fit, RunFactors(uniform: Float(curvature)))
    }
  }

  func history(_ report: SolverReport) -> [HistoryEntry] {
    report.misfit.indices.map { i in
      let squares = measuredSquares.map { _ in 2 * report.misfit[i] }
      return HistoryEntry(
        iteration: i + 1,
        misfit: measuredSquares.flatMap { measured in
          measured > 0 ? squares.map { ($0 / measured).squareRoot() } : nil
        },
        residual: squares.map { ($0 / Double(valueCount)).squareRoot() },
        relativeChange: report.residual[i], objective: report.objective[i])
    }
  }
}
