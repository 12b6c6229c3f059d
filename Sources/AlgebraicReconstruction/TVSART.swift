public import Fields
public import Projection
public import Reconstruction

/// SART in turn with steepest descent of total variation.
///
/// After each sweep, which moved the volume by `d = ‖Δx‖`, come `N` steps
///
///     x ← clip(x − α d ∂TV(x) / ‖∂TV(x)‖),       TV = Σ √(‖∇x‖² + ε²)
///
/// A recipe rather than a minimiser: the balance of data and smoothness lies in α, N, β and the
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

  /// - Throws: ``AlgebraicError/stopRule`` where the sweeps have a stop rule.
  public init(_ sart: SART, descent: TVDescent = .standard) throws(AlgebraicError) {
    guard sart.stopRule == .never else { throw .stopRule }
    (self.sart, self.descent) = (sart, descent)
  }

  public var name: String { "tv-sart" }
  public var traits: MethodTraits { MethodTraits(regularisation: .fixed, isResumable: true) }
  public var iterationLimit: Int { sart.iterationLimit }

  public func memory(for geometry: TiltGeometry, workers: Workers) -> Int {
    4 * (3 * geometry.volume.slabs.count + geometry.series.slabs.count)
      + sart.workerMemory(for: geometry, workers)
  }
  public var supportByteCount: Int { sart.supportByteCount }

  /// - Throws: `ReconstructionError` or ``AlgebraicError``.
  public func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
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
      let lengths = variation.pooled(sums.change).map {  // α d
        Double(descent.factor) * $0.squareRoot()
      }
      sums.norm = variation.descend(  // x ← clip(x − α d ∂TV / ‖∂TV‖)
        &volume.voxels, steps: descent.steps, lengths: lengths,
        smoothing: variation.smoothing(descent.smoothing, norm: sums.norm),
        constraint: sart.constraint)
      history.append(HistoryEntry(iteration: sweep, sums, of: census))
      monitor.report(sweep, of: sart.iterationLimit)
    }
    let report = ReconstructionReport(
      method: self, iterations: history.count, history: history, stopReason: .iterationLimit)
    return (volume, report)
  }
}

/// How total variation is descended between sweeps.
public struct TVDescent: Sendable, Hashable {
  /// `N`, after each sweep.
  public let steps: Int
  /// `α`: the length of a step over the length ‖Δx‖ of the sweep's move.
  public let factor: Float
  /// `ε` over the root mean square of the volume; 1e-3 by default.
  public let smoothing: Float
  /// Whether slices are smoothed together, as by default, or each by itself.
  public let axes: VariationAxes

  /// Ten steps of a tenth of the sweep's length, across slices too.
  public static let standard = TVDescent(steps: 10, startingAt: 0.1)

  init(steps: Int, startingAt factor: Float) {
    (self.steps, self.factor, smoothing, axes) = (steps, factor, 1e-3, .volume)
  }

  /// - Throws: ``AlgebraicError/steps(_:)`` below 1 step, ``AlgebraicError/factor(name:_:)`` unless `factor` and `smoothing`
  ///   are positive.
  public init(
    steps: Int = 10, factor: Float = 0.1, smoothing: Float = 1e-3, axes: VariationAxes = .volume
  ) throws(AlgebraicError) {
    guard steps > 0 else { throw .steps(steps) }
    for (name, value) in [("step factor", factor), ("smoothing", smoothing)]
    where !(value > 0 && value.isFinite) { throw .factor(name: name, value) }
    (self.steps, self.factor, self.smoothing, self.axes) = (steps, factor, smoothing, axes)
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
    try self.init(SART(from: decoder), descent: TVDescent(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try sart.encode(to: encoder)
    try descent.encode(to: encoder)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> TVSART {
    try TVSART(sart.repeatable(iterations: iterations, lambda: nil), descent: descent)
  }
}

extension TVDescent: Codable {
  private enum CodingKeys: String, CodingKey {
    case steps = "tvSteps"
    case factor = "tvFactor"
    case smoothing = "tvSmoothing"
    case axes = "tvAxes"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      steps: keys.decode(Int.self, forKey: .steps),
      factor: keys.decode(Float.self, forKey: .factor),
      smoothing: keys.decode(Float.self, forKey: .smoothing),
      axes: keys.decode(VariationAxes.self, forKey: .axes))
  }
}
