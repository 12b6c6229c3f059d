public import Fields
import Inversion
public import Projection
public import Reconstruction

/// SART in turn with steepest descent of total variation.
///
/// After each sweep, which moved the volume by `d = ‖Δx‖`, come `N` steps
///
///     x ← clip(x − α d ∂TV(x) / ‖∂TV(x)‖),       TV = Σ √(‖∇x‖² + ε²)
///
/// or steps of `λ ‖x‖` in place of `α d` (``TVStrength``).
///
/// A recipe rather than a minimiser: the balance of data and smoothness lies in α or λ, N, β and the
/// number of sweeps together. Slices are coupled unless ``TVDescent/axes`` is ``VariationAxes/slice``.
///
/// Cost: O(voxels × (tilts + N)) a sweep. Memory: three volumes, the series and one slab a worker.
///
/// - Reference: E. Y. Sidky, C.-M. Kao and X. Pan, J. X-Ray Sci. Technol. 14, 119 (2006); B. Goris et
///   al., Ultramicroscopy 113, 120 (2012) for electron tomography.
public struct TVSART: ReconstructionMethod {
  /// The sweeps, with their relaxation, order and bounds.
  public let sart: SART
  /// `N`, `α` and `ε` of the steps down TV, and along which axes; ``TVDescent/standard`` by default.
  public let descent: TVDescent
  /// How long a step is; `α d` by default.
  public let strength: TVStrength
  package private(set) var measuresCounts = false

  /// - Throws: ``AlgebraicError/stopRule`` where the sweeps have a stop rule, ``AlgebraicError/lambda(_:)`` or
  ///   ``AlgebraicError/noise(_:)``.
  public init(
    _ sart: SART, descent: TVDescent = .standard, strength: TVStrength = .sweep
  ) throws(AlgebraicError) {
    guard sart.stopRule == .never else { throw .stopRule }
    try strength.validate()
    (self.sart, self.descent, self.strength) = (sart, descent, strength)
  }

  public var name: String { "tv-sart" }
  public var traits: MethodTraits {
    MethodTraits(regularisation: strength.regularisation, isResumable: true)
  }
  public var iterationLimit: Int { sart.iterationLimit }

  public func memory(for geometry: TiltGeometry, workers: Workers) -> Int {
    let run =
      4 * (3 * geometry.volume.slabs.count + geometry.series.slabs.count)
      + sart.workerMemory(for: geometry, workers)
    return max(run, trialMemory(for: geometry, workers))
  }
  public var supportByteCount: Int { sart.supportByteCount }

  /// - Throws: `ReconstructionError` or ``AlgebraicError``, and `ChoiceError` where the noise is asked for and not known.
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
    if case .halved(let noise) = strength {
      return try halved(noise, series, geometry, from: start, workers, monitor, keeper)
    }
    var volume = try Volume(start: start, for: geometry, pixelSize: series.pixelSize)
    try sart.constraint.support?.validate(for: geometry.volume)
    let census = MeasurementCensus(series, workers: workers)
    var pass = SARTPass(sart, geometry, workers)
    var variation = TotalVariation(geometry.volume.slabs, axes: descent.axes, workers: workers)
    var history: [HistoryEntry] = []
    if let keeper {
      var state = WholeRunState(fields: [volume.voxels])
      if try keeper.restore(&state) { (history, volume.voxels) = (state.history, state.fields[0]) }
    }
    while history.count < sart.iterationLimit {
      try keeper?.keep(WholeRunState(history: history, fields: [volume.voxels]), monitor)
      guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
      let sweep = history.count + 1
      pass.turn(to: PassPlace(iteration: sweep, slabs: 0..<geometry.volume.slabs.slabCount))
      var sums = pass.refine(
        &volume.voxels, to: series.projections, relaxation: sart.relaxation.value(sweep: sweep))
      let lengths = strength.lengths(sums, of: variation, factor: descent.factor)
      sums.norm = variation.descend(  // x ← clip(x − α d ∂TV / ‖∂TV‖)
        &volume.voxels, steps: descent.steps, lengths: lengths,
        smoothing: variation.smoothing(descent.smoothing, norm: sums.norm),
        constraint: sart.constraint)
      history.append(HistoryEntry(iteration: sweep, sums, of: census))
      monitor.report(sweep, of: sart.iterationLimit)
    }
    let report = ReconstructionReport(
      method: self, lambda: strength.lambda, iterations: history.count, history: history,
      stopReason: .iterationLimit)
    return (volume, report)
  }
}

extension Volume {
  /// Where a method that needs the whole volume begins.
  ///
  /// - Throws: `ReconstructionError.startShape`
  init(start: Volume?, for geometry: TiltGeometry, pixelSize: Double?) throws {
    if let start, start.shape != geometry.volume {
      throw ReconstructionError.startShape(start.shape, expected: geometry.volume)
    }
    self = start ?? Volume(zeros: geometry.volume)
    voxelSize = pixelSize
  }
}

extension Monitor {
  func report(_ iteration: Int, of limit: Int) {
    onProgress(
      Progress(
        iteration: iteration, iterationLimit: limit, fraction: Double(iteration) / Double(limit)))
  }
}

extension TVSART {
  public init(from decoder: any Decoder) throws {
    try self.init(
      SART(from: decoder), descent: TVDescent(from: decoder), strength: TVStrength(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try sart.encode(to: encoder)
    try descent.encode(to: encoder)
    try strength.encode(to: encoder)
  }

  /// - Throws: ``AlgebraicError/chosenLambda`` where parts would choose λ for themselves.
  public func repeatable(iterations: Int?, lambda: Double?) throws -> TVSART {
    try TVSART(
      sart.repeatable(iterations: iterations, lambda: nil), descent: descent,
      strength: strength.fixed(at: lambda))
  }

  public func restricted(to tilts: [Int], of count: Int) throws -> TVSART {
    try TVSART(sart, descent: descent, strength: strength.restricted(to: tilts, of: count))
  }

  public func knowingCounts() -> TVSART {
    var method = self
    method.measuresCounts = true
    return method
  }
}

extension TVSART: HalvedMethod {
  /// Longer steps than 0.64 of the volume itself lead nowhere.
  var halves: LambdaChooser.Halves {
    var halves = LambdaChooser.Halves()
    (halves.most, halves.tolerance) = (0.64, 0.02)
    return halves
  }

  func settled(lambda: Double, noise: Double) throws -> TVSART {
    try TVSART(sart, descent: descent, strength: .lambda(lambda))
  }

  func part(of slabs: Range<Int>) throws -> TVSART {
    try TVSART(sart.part(of: slabs), descent: descent, strength: strength)
  }
}
