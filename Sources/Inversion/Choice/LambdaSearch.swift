import RealModule
import Statistics

/// What a search along λ came to.
package struct LambdaSearchResult: Sendable {
  package let lambda: Double
  /// In the order in which they were tried.
  package let trials: [LambdaTrial]
  /// Whether the best may lie beyond what was tried.
  package var isAtEdge = false
  /// Whether what was to be smallest hardly depends on λ.
  package var isFlat = false
  /// Whether no residual came down to the noise that was asked for.
  package var isUnmet = false

  package init(
    lambda: Double, trials: [LambdaTrial], isAtEdge: Bool = false, isFlat: Bool = false,
    isUnmet: Bool = false
  ) {
    (self.lambda, self.trials) = (lambda, trials)
    (self.isAtEdge, self.isFlat, self.isUnmet) = (isAtEdge, isFlat, isUnmet)
  }

  /// The vertex of the parabola, in log λ, through the least value and its neighbours.
  ///
  /// - Parameter trials: at equal steps of log λ, up or down.
  package init(lowest value: (LambdaTrial) -> Double?, of trials: [LambdaTrial]) {
    let values = trials.map { value($0) ?? .infinity }
    let best = values.indices.min { values[$0] < values[$1] }
    guard let best, best > 0, best < values.count - 1, values[best + 1].isFinite,
      values[best - 1].isFinite
    else {
      self.init(lambda: best.map { trials[$0].lambda } ?? 1, trials: trials, isAtEdge: true)
      return
    }
    let shift = lowestPlace(values[best - 1], values[best], values[best + 1])
    let step = Double.log(trials[best + 1].lambda / trials[best].lambda)
    self.init(lambda: trials[best].lambda * .exp(shift * step), trials: trials)
  }
}

/// Searches along λ, from strong to weak regularisation, each trial started from the one before.
package struct LambdaSearch: Sendable {
  /// The first λ that is tried.
  package var start = 1e-1
  /// Each λ is the one before divided by this.
  package var factor = 2.0
  /// Trials at most.
  package var limit = 16
  /// The smallest and the largest λ that are ever tried.
  package var range = 1e-7...1e3

  package init() {}

  /// The λ at which `value` is smallest: a walk down (and, where the first trial is the best, up)
  /// until the value has risen twice in a row, then the vertex of the parabola through the best trial
  /// and its neighbours, in log λ.
  ///
  /// Where the value hardly depends on λ, since something other than noise rules it (it rises by less
  /// than 4 % up to 16 times the best λ, and lies more than 5 % above the noise), the minimum means nothing: the largest λ whose value is
  /// within 5 % of the best is taken, and the result called flat.
  ///
  /// - Parameter noise: what the value is for a perfect prediction; of `nil` nothing is known.
  package func minimum(
    of value: (LambdaTrial) -> Double?, noise: (LambdaTrial) -> Double? = { _ in nil },
    _ attempt: (_ lambda: Double) throws -> LambdaTrial
  ) rethrows -> LambdaSearchResult {
    func isPast(_ trials: [LambdaTrial]) -> Bool {
      let values = trials.compactMap(value)
      guard values.count >= 3, let best = values.min() else { return false }
      return values.suffix(2).allSatisfy { $0 > 1.002 * best }
    }
    let down = sequence(first: start) { $0 / factor }.prefix(limit).prefix(while: range.contains)
    var trials = try Self.walk(down, until: isPast, attempt)
    var lambda = start * factor
    while trials.count < limit, range.contains(lambda),
      let best = trials.lowest(value), best.lambda >= lambda / factor * 0.999
    {
      trials.append(try attempt(lambda))
      lambda *= factor
    }
    let sorted = trials.sorted { $0.lambda < $1.lambda }
    guard let best = trials.lowest(value),
      let k = sorted.firstIndex(where: { $0.lambda == best.lambda })
    else { return LambdaSearchResult(lambda: start, trials: trials, isAtEdge: true) }
    let isNoise = noise(best).map { (value(best) ?? .infinity) <= 1.05 * $0 } ?? false
    if !isNoise, let strongest = strongestOfFlat(sorted, best, value) {
      return LambdaSearchResult(lambda: strongest, trials: trials, isFlat: true)
    }
    guard k > 0, k < sorted.count - 1 else {
      return LambdaSearchResult(lambda: best.lambda, trials: trials, isAtEdge: true)
    }
    let three = sorted[k - 1...k + 1]
    let t = three.map { Double.log($0.lambda) }
    let v = three.map { value($0) ?? .infinity }
    return LambdaSearchResult(lambda: .exp(lowestPlace(t, v)), trials: trials)
  }

  private func strongestOfFlat(
    _ sorted: [LambdaTrial], _ best: LambdaTrial, _ value: (LambdaTrial) -> Double?
  ) -> Double? {
    guard let least = value(best),
      let far = sorted.last(where: { $0.lambda <= 16.1 * best.lambda }),
      far.lambda >= 15.9 * best.lambda, let risen = value(far), risen < 1.04 * least
    else { return nil }
    return sorted.last { (value($0) ?? .infinity) <= 1.05 * least }?.lambda
  }

  /// The λ at which the residual meets `level`: a walk that brackets it, then log-log interpolation
  /// and trials there until the residual is within `tolerance` of the level.
  package func root(
    residual level: Double, tolerance: Double = 1e-2,
    _ attempt: (_ lambda: Double) throws -> LambdaTrial
  ) rethrows -> LambdaSearchResult {
    var trials: [LambdaTrial] = []
    var lambda = start
    trials.append(try attempt(lambda))
    let goesDown = trials[0].residual > level
    while trials.count < limit, let last = trials.last, (last.residual > level) == goesDown {
      lambda = goesDown ? lambda / factor : lambda * factor
      guard range.contains(lambda) else { break }
      trials.append(try attempt(lambda))
    }
    func distance(_ trial: LambdaTrial) -> Double { abs(trial.residual - level) }
    func nearest() -> LambdaTrial? { trials.min { distance($0) < distance($1) } }
    while trials.count < limit, let place = trials.crossing(residual: level),
      let best = nearest(), distance(best) > tolerance * level
    {
      trials.append(try attempt(place))
    }
    return LambdaSearchResult(
      lambda: nearest()?.lambda ?? start, trials: trials,
      isAtEdge: trials.crossing(residual: level) == nil)
  }

  /// Tries values of λ one after the other, until the trials say that it is enough.
  package static func walk(
    _ values: some Sequence<Double>, until isEnough: ([LambdaTrial]) -> Bool,
    _ attempt: (_ lambda: Double) throws -> LambdaTrial
  ) rethrows -> [LambdaTrial] {
    var trials: [LambdaTrial] = []
    for lambda in values {
      if isEnough(trials) { break }
      trials.append(try attempt(lambda))
    }
    return trials
  }

  /// `start / factor^k` for all steps k.
  package func path(
    _ steps: ClosedRange<Int>, _ attempt: (_ lambda: Double) throws -> LambdaTrial
  ) rethrows -> [LambdaTrial] {
    try steps.map { try attempt(start * Double.pow(factor, -Double($0))) }
  }
}
