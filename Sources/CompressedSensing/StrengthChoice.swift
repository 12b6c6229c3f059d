import Fields
public import Inversion
import Operators
import Projection
import Reconstruction

/// How λ was chosen, with everything that was tried.
public struct StrengthChoice: Sendable, Encodable, Hashable {
  public struct TiltError: Sendable, Encodable, Hashable {
    /// Degrees.
    public let tilt: Double
    /// The root mean square of `y − Hx` at the chosen λ; over the standard deviation of counts.
    public let error: Double
    /// Whether this tilt was predicted, not fitted.
    public let isHeldOut: Bool
  }

  public let choice: LambdaChoice
  /// The noise that the rules compare with: given, or estimated from the series.
  public let noise: Double?
  public let noiseSource: String
  /// Half the spread of the estimate over the tilts, relative to it.
  public let noiseSpread: Double?
  /// The slices on which values were tried.
  public let slices: [Int]
  public let tiltErrors: [TiltError]
  public let warnings: [String]

  enum CodingKeys: String, CodingKey {
    case rule, lambda, mu, candidates, verdicts, noise, noiseSource, noiseSpread, slices, tiltErrors
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(choice.rule, forKey: .rule)
    try keys.encode(choice.lambda, forKey: .lambda)
    try keys.encode(choice.mu, forKey: .mu)
    try keys.encode(choice.trials, forKey: .candidates)
    try keys.encode(choice.verdicts, forKey: .verdicts)
    try keys.encode(noise, forKey: .noise)
    try keys.encode(noiseSource, forKey: .noiseSource)
    try keys.encode(noiseSpread, forKey: .noiseSpread)
    try keys.encode(slices, forKey: .slices)
    try keys.encode(tiltErrors, forKey: .tiltErrors)
  }
}

/// Tries values of λ on some tilts and some slices of a series.
///
/// Slices: the middle two slabs, at most 64 slices, since neither noise nor prior changes along the
/// tilt axis. Tilts: all, or four of five where the fifth is predicted; μ then shrinks with the number
/// of tilts, so that λ means the same.
struct StrengthTrials {
  /// Every fifth tilt is left out.
  static let stride = 5
  private static let slabCount = 2

  private let method: CompressedSensing
  private let fitted: TiltSeries
  private let leftOut: TiltSeries?
  private let projector: ParallelProjector
  private let leftOutProjector: ParallelProjector?
  /// `μ / λ` on these tilts.
  private let muPerLambda: Double
  private let weights: [Double]?
  private let leftOutWeights: [Double]?
  private let discrepancy: MeasuredMisfit
  private(set) var estimate: FloatStorage
  /// Random signs in place of measurements, and what the method makes of them.
  private var probe: (signs: TiltSeries, estimate: FloatStorage)?
  let slices: Range<Int>

  /// What the next trial starts from.
  var fields: [FloatStorage] {
    get { [estimate] + (probe.map { [$0.estimate] } ?? []) }
    set {
      estimate = newValue[0]
      probe?.estimate = newValue[newValue.count - 1]
    }
  }

  init(
    _ method: CompressedSensing, _ series: TiltSeries, _ geometry: TiltGeometry, leavesOut: Bool,
    muPerLambda: Double, workers: Workers
  ) {
    let slabs = geometry.volume.slabs
    let group = Self.group(of: slabs)
    slices =
      slabs.slices(of: group.lowerBound)
      .lowerBound..<slabs.slices(of: group.upperBound - 1)
      .upperBound
    let (part, place) = (series.group(group), geometry.group(group))
    let all = Array(part.tilts.indices)
    // Every fifth by angle, and none at the ends, which would be extrapolated.
    let byAngle = all.filter { method.tiltWeights?[$0] != 0 }
      .sorted { (part.tilts[$0], $0) < (part.tilts[$1], $1) }
    let left =
      leavesOut
      ? byAngle.indices.dropLast().filter { $0 % Self.stride == Self.stride / 2 }
        .map { byAngle[$0] }.sorted() : []
    let kept = all.filter { !left.contains($0) }
    self.method = method
    fitted = leavesOut ? part.subset(of: kept) : part
    leftOut = leavesOut ? part.subset(of: left) : nil
    projector = ParallelProjector(
      leavesOut ? place.subset(of: kept) : place, model: method.rays, workers: workers)
    leftOutProjector =
      leavesOut
      ? ParallelProjector(place.subset(of: left), model: method.rays, workers: workers) : nil
    let allWeights = method.tiltWeights ?? all.map { _ in 1 }
    let keptWeight = kept.reduce(0) { $0 + allWeights[$1] }
    self.muPerLambda = muPerLambda * keptWeight / allWeights.reduce(0, +)
    weights = method.tiltWeights.map { weights in kept.map { weights[$0] } }
    leftOutWeights = method.tiltWeights.map { weights in left.map { weights[$0] } }
    discrepancy = MeasuredMisfit(method.fidelity)
    estimate = FloatStorage(zeros: projector.domainCount)
  }

  /// The middle slabs.
  static func group(of slabs: SlabShape) -> Range<Int> {
    let first = max(0, (slabs.slabCount - slabCount) / 2)
    return first..<min(slabs.slabCount, first + slabCount)
  }

  /// Also finds the trace of the map from data to prediction, by Hutchinson's estimate with one
  /// vector of random signs: `tr A ≈ wᵀ A w`.
  ///
  /// - Reference: M. F. Hutchinson, Commun. Stat. Simul. Comput. 19, 433 (1990).
  mutating func probeFreedom() {
    var signs = TiltSeries(zeros: fitted.shape, tilts: fitted.tilts)
    for tilt in 0..<fitted.shape.tiltCount {
      for slice in 0..<fitted.shape.sliceCount {
        var state = UInt64(tilt) << 32 | UInt64(slice)
        for bin in 0..<fitted.shape.binCount {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          signs[tilt, slice, bin] = state >> 63 == 0 ? 1 : -1
        }
      }
    }
    probe = (signs, FloatStorage(zeros: projector.domainCount))
  }

  /// Solves for one λ, from the solution before.
  mutating func attempt(_ lambda: Double, _ monitor: Monitor) throws -> Trial {
    let report = try solve(lambda, fitted, from: &estimate, monitor)
    let penalty = (report.objective.last ?? 0) - (report.misfit.last ?? 0)
    return Trial(
      lambda: lambda, mu: lambda * muPerLambda,
      residual: discrepancy.rootMeanSquare(of: estimate, projector, fitted, weights: weights),
      penalty: penalty / (lambda * muPerLambda),
      heldOut: leftOutProjector.flatMap { projector in
        leftOut.map {
          discrepancy.rootMeanSquare(of: estimate, projector, $0, weights: leftOutWeights)
        }
      }, freedom: try freedom(lambda, monitor), iterations: report.iterations)
  }

  private func solve(
    _ lambda: Double, _ series: TiltSeries, from x: inout FloatStorage, _ monitor: Monitor
  ) throws -> SolverReport {
    var method = method
    method.strength = .mu(lambda * muPerLambda)
    method.tiltWeights = weights
    (method.iterationLimit, method.tolerance) = probe == nil ? (60, 4e-4) : (300, 1e-5)
    // A weak change of λ moves the volume little at first.
    method.leastIterations = 12
    let problem = try Problem(method, series, projector)
    let silent = Monitor(isCancelled: monitor.isCancelled)
    return try method.minimise(problem.objective, from: &x, projector.workers, silent)
  }

  private mutating func freedom(_ lambda: Double, _ monitor: Monitor) throws -> Double? {
    guard let (signs, before) = probe else { return nil }
    var x = before
    _ = try solve(lambda, signs, from: &x, monitor)
    var seen = FloatStorage(zeros: projector.rangeCount)
    projector.apply(x.span, into: seen.mutableSpan)
    let trace = dot(seen.span, signs.projections.span)
    probe = (signs, x)
    return trace / Double(fitted.shape.slabs.valueCount)
  }

  /// The error of every tilt at the present estimate, by angle.
  func tiltErrors() -> [StrengthChoice.TiltError] {
    var errors = discrepancy.perTilt(of: estimate, projector, fitted, isHeldOut: false)
    if let leftOutProjector, let leftOut {
      errors += discrepancy.perTilt(of: estimate, leftOutProjector, leftOut, isHeldOut: true)
    }
    return errors.sorted { $0.tilt < $1.tilt }
  }
}

extension CompressedSensing {
  /// Chooses λ for a series by the rule asked for; by default held-out tilts from 20 tilts on, else
  /// discrepancy.
  ///
  /// - Returns: the choice, and what keeps the run that follows together with it.
  func choose(
    _ asked: (rule: ChoiceRule?, noise: Double?), _ series: TiltSeries, _ geometry: TiltGeometry,
    _ workers: Workers, _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> (StrengthChoice, (any RunKeeper)?) {
    let rule = chosenRule(asked.rule, series.shape.tiltCount)
    if rule == .gcv { try requireLinear() }
    let usable = tiltWeights?.filter { $0 > 0 }.count ?? series.shape.tiltCount
    if rule == .heldOutTilts, usable < StrengthTrials.stride {
      throw ChoiceError.tooFewTilts(usable, needed: StrengthTrials.stride)
    }
    let projector = ParallelProjector(geometry, model: rays, workers: workers)
    let reference = try Problem.referenceStrength(self, series, projector)
    var trials = StrengthTrials(
      self, series, geometry, leavesOut: rule == .heldOutTilts, muPerLambda: reference,
      workers: workers)
    if rule == .gcv { trials.probeFreedom() }
    let noise = noiseLevel(asked.noise, series, geometry, workers)
    var chooser = try LambdaChooser(rule, noise: noise.level)
    chooser.search.start = firstLambda
    var search = try KeptTrials(trials, keeper)
    let choice = try chooser.choose { try search.attempt($0, monitor) }
    _ = try search.attempt(choice.lambda, monitor)
    let errors = search.tiltErrors()
    let found = StrengthChoice(
      choice: LambdaChoice(
        rule: choice.rule, lambda: choice.lambda, mu: choice.lambda * reference,
        trials: choice.trials, verdicts: choice.verdicts, warnings: choice.warnings),
      noise: noise.level, noiseSource: noise.source, noiseSpread: noise.spread,
      slices: [trials.slices.lowerBound, trials.slices.upperBound - 1], tiltErrors: errors,
      warnings: choice.warnings + StrengthChoice.alarms(errors).map(\.words))
    return (found, keeper.map { KeeperAfterChoice($0, search.record(errors)) })
  }

  func chosenRule(_ rule: ChoiceRule?, _ tiltCount: Int) -> ChoiceRule {
    rule ?? (tiltCount >= 20 ? .heldOutTilts : .discrepancy)
  }

  private func requireLinear() throws(ChoiceError) {
    guard prior.kind == .gradient else { throw .notLinear(prior.kind.rawValue) }
    guard !isNonNegative else { throw .notLinear("x ≥ 0") }
    guard fidelity == .gaussian else { throw .notLinear("the Poisson fit") }
  }

  /// Somewhat stronger than what suits most series.
  private var firstLambda: Double {
    switch prior.kind {
    case .tv, .tvL1: 1e-3
    case .wavelet, .l1: 1e-1
    case .gradient: 1e-5
    }
  }

  /// The root mean square of the noise over what the trials fit, with the weights that they have.
  private func noiseLevel(
    _ given: Double?, _ series: TiltSeries, _ geometry: TiltGeometry, _ workers: Workers
  ) -> (level: Double?, source: String, spread: Double?) {
    if case .poisson = fidelity { return (1, "counts", nil) }
    if let given { return (given, "given", nil) }
    guard let noise = MeasuredNoise(series, workers: workers) else { return (nil, "unknown", nil) }
    let part = series.group(StrengthTrials.group(of: geometry.volume.slabs))
    let sigmas = noise.counting?.perTilt(of: part, workers: workers) ?? noise.perTilt
    let weights = tiltWeights ?? sigmas.map { _ in 1 }
    let square = zip(weights, sigmas).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    return (
      (square / weights.reduce(0, +)).squareRoot(),
      noise.counting == nil
        ? "second differences of the projections" : "variance that grows with brightness",
      noise.spread
    )
  }

}

extension StrengthChoice {
  /// Of the tilts with an error of more than 2.5 times the median of their kind; the words stand among ``warnings``.
  public var alarms: [(tilt: Double, words: String)] { Self.alarms(tiltErrors) }

  static func alarms(_ errors: [TiltError]) -> [(tilt: Double, words: String)] {
    [false, true].flatMap { isHeldOut -> [(tilt: Double, words: String)] in
      let kind = errors.filter { $0.isHeldOut == isHeldOut }
      let sorted = kind.map(\.error).sorted()
      guard sorted.count >= 3 else { return [] }
      let median = sorted[sorted.count / 2]
      return kind.filter { $0.error > 2.5 * median }.map {
        let words = """
          The projection at \($0.tilt)° does not fit the others: its error is \
          \(($0.error / median * 10).rounded() / 10) times the median. Look at it, or leave it out.
          """
        return ($0.tilt, words)
      }
    }
  }
}
