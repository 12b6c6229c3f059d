import Fields
import Inversion
import Projection
import RealModule
import Reconstruction

extension CompressedSensing {
  /// Chooses λ for a series by the rule asked for, or the one that suits the number of tilts.
  ///
  /// - Returns: the choice, and what keeps the run that follows together with it.
  func choose(
    _ asked: Asked, _ series: TiltSeries, _ geometry: TiltGeometry,
    _ workers: Workers, _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> (StrengthChoice, (any RunKeeper)?) {
    if let rule = asked.rule, prior.kind.isDenoiser, rule == .lCurve {
      throw CompressedSensingError.noPenalty(rule)
    }
    let usable = usableCount(series.shape.tiltCount)
    let slabs = TrialSlabs.choose(series, workers)
    let noise = TrialNoise(self, given: asked.noise, series, slabs, workers)
    let wanted = chosenRule(asked.rule, usable)
    // What was asked for is done or refused; what was not asked for gives way.
    let canDo =
      asked.rule == nil
      ? noise.level != nil && !noise.isOfCounts : noise.level != nil || noise.refusal == nil
    let rule = canDo || usable < TiltSplit.stride ? wanted : wanted.withoutNoise
    if rule.leavesTiltsOut, usable < TiltSplit.stride {
      throw ChoiceError.tooFewTilts(usable, needed: TiltSplit.stride)
    }
    var chooser = try LambdaChooser(rule, noise: noise.level, nonlinear: nonlinear)
    let projector = ParallelProjector(geometry, model: rays, workers: workers)
    let reference = try Problem.referenceStrength(self, series, projector)
    chooser.search.start = start(noise, series, reference)
    let trials = try StrengthTrials(
      self, series, geometry, rule, slabs: slabs, muPerLambda: reference, workers: workers)
    var search = try KeptTrials(trials, keeper)
    var choice = try chooser.choose { try search.attempt($0, monitor) }
    choice.mu = choice.lambda * reference
    _ = try search.attempt(choice.lambda, monitor)
    let errors = search.tiltErrors()
    let found = StrengthChoice(
      choice: choice, noise: noise.level, noiseSource: noise.source, noiseSpread: noise.spread,
      slices: [trials.slices.lowerBound, trials.slices.upperBound - 1], tiltErrors: errors,
      warnings: (rule == wanted ? [] : [noise.refusal].compactMap(\.self)) + choice.warnings
        + StrengthChoice.alarms(errors).map(\.words))
    return (found, keeper.map { KeeperAfterLists($0, search.record(errors).numbers) })
  }

  /// Tilts that have a weight.
  func usableCount(_ tiltCount: Int) -> Int {
    tiltWeights?.filter { $0 > 0 }.count ?? tiltCount
  }

  /// Held-out tilts for a fit of counts and from 20 tilts on, a compromise from five, else discrepancy.
  func chosenRule(_ rule: ChoiceRule?, _ usableCount: Int) -> ChoiceRule {
    if let rule { return rule }
    guard usableCount >= TiltSplit.stride else { return .discrepancy }
    return fidelity == .gaussian && usableCount < 20 ? .compromise : .heldOutTilts
  }

  /// What makes the estimate depend nonlinearly on the data.
  private var nonlinear: String? {
    prior.kind != .gradient && prior.kind != .l2
      ? prior.kind.rawValue
      : isNonNegative ? "x ≥ 0" : fidelity == .gaussian ? nil : "the Poisson fit"
  }

  /// Somewhat stronger than what suits most series.
  ///
  /// For tv, tgv and wavelets, four times what noise pulls at a voxel, `σ √tilts`, or `√(tilts / (ȳ + b))` of counts; between 1e-5 and 1, and 1e-3 where
  /// the noise is not known. A power of two times 1e-3, so that figures of different series are alike.
  private func start(_ noise: TrialNoise, _ series: TiltSeries, _ reference: Double) -> Double {
    switch prior.kind {
    case .l1: return 1e-1
    case .gradient: return 1e-5
    case .l2: return 1e-2
    case .nlm, .denoiser: return Denoising.firstStrength
    case .tv, .tvL1, .tgv, .wavelet: break
    }
    guard let pull = noise.pull(self, series) else { return 1e-3 }
    let lambda = min(max(4 * pull / reference, 1e-5), 1)
    return 1e-3 * Double.pow(2, Double.log2(lambda / 1e-3).rounded())
  }
}

extension ChoiceRule {
  /// Prediction in place of a rule that compares with a noise that is not known.
  fileprivate var withoutNoise: ChoiceRule { needsNoise ? .heldOutTilts : self }
}
