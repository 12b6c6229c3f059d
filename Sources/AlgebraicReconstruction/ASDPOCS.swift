public import Fields
import Inversion
public import Projection
public import Reconstruction

/// Adaptive steepest descent and projection onto convex sets: the volume of least total variation
/// among those that fit the data to within their noise.
///
/// Each iteration is a sweep of SART with its bounds, which moves the volume by `d_p`, and then `N`
/// steps of length `t` down `∂TV`, which move it by `d_g`. Begun at `t = α d_p`, or `λ ‖x‖` (``TVStrength``), the steps shrink,
///
///     t ← 0.95 t     where d_g > 0.95 d_p and ‖y − H x‖ > ε,
///
/// and so does β by its own factor, until data and smoothness pull against each other (the cosine of
/// the two moves is below −0.99) within the noise. The result is the volume after the last sweep.
///
/// Cost: O(voxels × (tilts + N)) an iteration. Memory: five volumes, two copies of the series
/// and one slab a worker.
///
/// - Reference: E. Y. Sidky and X. Pan, Phys. Med. Biol. 53, 4777 (2008).
public struct ASDPOCS: ReconstructionMethod {
  /// The sweeps, with their relaxation (1, shrinking by 0.995, in the paper), order and bounds.
  public let sart: SART
  /// `N`, `α` and `ε` of the steps down TV, and along which axes; ``TVDescent/adaptive`` by default.
  public let descent: TVDescent
  /// `ε / √(values)`: the root mean square of `y − H x` that is asked for, in the units of the series; `nil` where ``strength``
  /// finds it out.
  public let noise: Double?
  /// How long the first step is; `α d_p` by default.
  public let strength: TVStrength
  package private(set) var measuresCounts = false

  /// - Parameter lambda: for a first step of `λ ‖x‖`; `nil` for `α d_p`.
  /// - Throws: ``AlgebraicError/noise(_:)``, ``AlgebraicError/lambda(_:)``, or ``AlgebraicError/stopRule`` where the sweeps have a
  ///   stop rule.
  public init(
    _ sart: SART, descent: TVDescent = .adaptive, noise: Double, lambda: Double? = nil
  ) throws(AlgebraicError) {
    try self.init(sart, descent, noise, lambda.map(TVStrength.lambda) ?? .sweep)
  }

  /// With λ found by halves.
  ///
  /// - Parameter noise: the noise that is asked for; `nil` estimates it from the series.
  /// - Throws: as ``init(_:descent:noise:lambda:)``.
  public init(
    _ sart: SART, descent: TVDescent = .adaptive, halvingTo noise: Double?
  ) throws(AlgebraicError) {
    try self.init(sart, descent, nil, .halved(noise: noise))
  }

  private init(
    _ sart: SART, _ descent: TVDescent, _ noise: Double?, _ strength: TVStrength
  ) throws(AlgebraicError) {
    if let noise, !(noise > 0 && noise.isFinite) { throw .noise(noise) }
    guard sart.stopRule == .never else { throw .stopRule }
    try strength.validate()
    (self.sart, self.descent, self.noise, self.strength) = (sart, descent, noise, strength)
  }

  public var name: String { "asd-pocs" }
  public var traits: MethodTraits {
    MethodTraits(regularisation: strength.regularisation, isResumable: true)
  }
  public var iterationLimit: Int { sart.iterationLimit }

  public func memory(for geometry: TiltGeometry, workers: Workers) -> Int {
    let run =
      4 * (5 * geometry.volume.slabs.count + 2 * geometry.series.slabs.count)
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
    var state = ASDPOCSState(self, geometry, workers)
    var history: [HistoryEntry] = []
    var reason = StopReason.iterationLimit
    if let keeper {
      var kept = WholeRunState(fields: [volume.voxels])
      if try keeper.restore(&kept) {
        (history, volume.voxels) = (kept.history, kept.fields[0])
        state.carry(on: kept.numbers)
      }
    }
    while history.count < sart.iterationLimit {
      try keeper?.keep(
        WholeRunState(history: history, numbers: state.carried, fields: [volume.voxels]), monitor)
      guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
      let iteration = history.count + 1
      let sums = state.fit(&volume.voxels, to: series.projections, iteration)
      history.append(HistoryEntry(iteration: iteration, sums, of: census))
      monitor.report(iteration, of: sart.iterationLimit)
      guard iteration < sart.iterationLimit else { break }
      if state.smooth(&volume.voxels, sums) {
        reason = .settled
        break
      }
    }
    let report = ReconstructionReport(
      method: self, lambda: strength.lambda, iterations: history.count, history: history,
      stopReason: reason)
    return (Volume(state.fitted, shape: volume.shape, voxelSize: volume.voxelSize), report)
  }
}

extension ASDPOCS {
  private enum CodingKeys: String, CodingKey { case noise }

  /// The sweeps have no stop rule, whose noise would have the same key.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    let sweeps = try SART(from: decoder)
    let strength = try TVStrength(from: decoder)
    try self.init(
      SART(
        sweeps: sweeps.iterationLimit, relaxation: sweeps.relaxation, order: sweeps.order,
        constraint: sweeps.constraint), TVDescent(from: decoder),
      strength.isHalved ? nil : keys.decode(Double.self, forKey: .noise), strength)
  }

  public func encode(to encoder: any Encoder) throws {
    try sart.encode(to: encoder)
    try descent.encode(to: encoder)
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encodeIfPresent(noise, forKey: .noise)
    try strength.encode(to: encoder)
  }

  /// - Throws: ``AlgebraicError/chosenLambda`` where parts would choose λ for themselves.
  public func repeatable(iterations: Int?, lambda: Double?) throws -> ASDPOCS {
    try ASDPOCS(
      sart.repeatable(iterations: iterations, lambda: nil), descent, noise,
      strength.fixed(at: lambda))
  }

  public func restricted(to tilts: [Int], of count: Int) throws -> ASDPOCS {
    try ASDPOCS(sart, descent, noise, strength.restricted(to: tilts, of: count))
  }

  public func knowingCounts() -> ASDPOCS {
    var method = self
    method.measuresCounts = true
    return method
  }
}

extension ASDPOCS: HalvedMethod {
  /// Steps shrink by themselves until the noise is met, so that residuals say little of long first steps: λ begins at 0.08,
  /// and no larger one is tried.
  var halves: LambdaChooser.Halves {
    var halves = LambdaChooser.Halves()
    (halves.start, halves.most, halves.tolerance) = (0.08, 0.08, 0.02)
    return halves
  }

  func settled(lambda: Double, noise: Double) throws -> ASDPOCS {
    try ASDPOCS(sart, descent: descent, noise: noise, lambda: lambda)
  }

  func part(of slabs: Range<Int>) throws -> ASDPOCS {
    try ASDPOCS(sart.part(of: slabs), descent, noise, strength)
  }
}

/// The fields of a run, and how far it steps.
private struct ASDPOCSState: ~Copyable {
  private let method: ASDPOCS
  private let projector: ParallelProjector
  private var sweep: SARTPass
  private var variation: TotalVariation
  private var residual: FloatStorage
  /// The volume before and after the last sweep.
  private var before: FloatStorage
  private(set) var fitted: FloatStorage
  /// `t`, once the first sweep is done.
  private var length: Double?

  init(_ method: ASDPOCS, _ geometry: TiltGeometry, _ workers: Workers) {
    self.method = method
    projector = ParallelProjector(geometry, workers: workers)
    sweep = SARTPass(method.sart, geometry, workers)
    variation = TotalVariation(
      geometry.volume.slabs, axes: method.descent.axes, workers: workers)
    residual = FloatStorage(zeros: projector.rangeCount)
    before = FloatStorage(zeros: projector.domainCount)
    fitted = FloatStorage(zeros: projector.domainCount)
  }

  /// What goes on from one iteration to the next beside the volume: `t`.
  var carried: [[Double]] { [length.map { [$0] } ?? []] }

  mutating func carry(on numbers: [[Double]]) { length = numbers.first?.first }

  /// A sweep of SART, and the residual that it leaves.
  mutating func fit(
    _ x: inout FloatStorage, to measured: FloatStorage, _ iteration: Int
  ) -> IterationSums {
    let (field, series) = (projector.geometry.volume.slabs, projector.geometry.series.slabs)
    let workers = projector.workers
    let one = [Double](repeating: 1, count: field.sliceCount)
    before.replace(from: 0, with: x, 0..<x.count)
    sweep.turn(to: PassPlace(iteration: iteration, slabs: 0..<field.slabCount))
    var sums = sweep.refine(
      &x, to: measured, relaxation: method.sart.relaxation.value(sweep: iteration))
    fitted.replace(from: 0, with: x, 0..<x.count)
    projector.project(x, into: &residual)
    sums.residual = combine(  // ‖y − H x‖²
      &residual, times: one.map { -$0 }, plus: measured, times: one, shape: series,
      workers: workers)
    return sums
  }

  /// Steps down TV.
  ///
  /// - Returns: whether data and smoothness balance within the noise.
  mutating func smooth(_ x: inout FloatStorage, _ sums: IterationSums) -> Bool {
    let shape = projector.geometry.volume.slabs
    let valueCount = Double(projector.geometry.series.slabs.valueCount)
    let distance = (sums.residual.reduce(0, +) / valueCount).squareRoot()  // d_d / √values
    let fitting = sums.change.reduce(0, +).squareRoot()  // d_p
    let first =
      method.strength.lambda.map { $0 * sums.norm.reduce(0, +).squareRoot() }  // λ ‖x‖
      ?? Double(method.descent.factor) * fitting  // α d_p
    let step = length ?? first  // t
    _ = variation.descend(
      &x, steps: method.descent.steps,
      lengths: [Double](repeating: step, count: shape.sliceCount),
      smoothing: variation.smoothing(method.descent.smoothing, norm: sums.norm),
      constraint: .none)
    let moves = Moves(before, fitted, x, shape: shape, workers: projector.workers)
    let smoothing = moves.second.squareRoot()  // d_g
    let isFar = distance > (method.noise ?? 0)
    length = smoothing > 0.95 * fitting && isFar ? 0.95 * step : step
    return !isFar && moves.product < -0.99 * fitting * smoothing
  }
}
