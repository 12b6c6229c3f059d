import RealModule
import Statistics

/// What a search along λ came to.
public struct Finding: Sendable {
  public let lambda: Double
  /// In the order in which they were tried.
  public let trials: [Trial]
  /// Whether the best may lie beyond what was tried.
  public var isAtEdge = false
  /// Whether what was to be smallest hardly depends on λ.
  public var isFlat = false
}

/// Searches along λ, from strong to weak regularisation, each trial started from the one before.
public struct LambdaSearch: Sendable {
  /// The first λ that is tried.
  public var start = 1e-1
  /// Each λ is the one before divided by this.
  public var factor = 2.0
  /// Trials at most.
  public var limit = 16
  /// The smallest and the largest λ that are ever tried.
  public var range = 1e-7...1e3

  public init() {}

  /// The λ at which `value` is smallest: a walk down (and, where the first trial is the best, up)
  /// until the value has risen twice in a row, then the vertex of the parabola through the best trial
  /// and its neighbours, in log λ.
  ///
  /// Where the value hardly depends on λ, since something other than noise rules it (it rises by less
  /// than 4 % up to 16 times the best λ, and lies more than 5 % above the noise), the minimum means nothing: the largest λ whose value is
  /// within 5 % of the best is taken, and the result called flat.
  ///
  /// - Parameter noise: what the value is for a perfect prediction; of `nil` nothing is known.
  public func minimum(
    of value: (Trial) -> Double?, noise: (Trial) -> Double? = { _ in nil },
    _ attempt: (_ lambda: Double) throws -> Trial
  ) rethrows -> Finding {
    var trials: [Trial] = []
    func isPast(_ trials: [Trial]) -> Bool {
      let values = trials.compactMap(value)
      guard values.count >= 3, let best = values.min() else { return false }
      return values.suffix(2).allSatisfy { $0 > 1.002 * best }
    }
    var lambda = start
    while trials.count < limit, range.contains(lambda), !isPast(trials) {
      trials.append(try attempt(lambda))
      lambda /= factor
    }
    lambda = start * factor
    while trials.count < limit, range.contains(lambda),
      let best = best(trials, value), best.lambda >= lambda / factor * 0.999
    {
      trials.append(try attempt(lambda))
      lambda *= factor
    }
    let sorted = trials.sorted { $0.lambda < $1.lambda }
    guard let best = best(trials, value),
      let k = sorted.firstIndex(where: { $0.lambda == best.lambda })
    else { return Finding(lambda: start, trials: trials, isAtEdge: true) }
    let isNoise = noise(best).map { (value(best) ?? .infinity) <= 1.05 * $0 } ?? false
    if !isNoise, let strongest = strongestOfFlat(sorted, best, value) {
      return Finding(lambda: strongest, trials: trials, isFlat: true)
    }
    guard k > 0, k < sorted.count - 1 else {
      return Finding(lambda: best.lambda, trials: trials, isAtEdge: true)
    }
    let three = sorted[k - 1...k + 1]
    let t = three.map { Double.log($0.lambda) }
    let v = three.map { value($0) ?? .infinity }
    return Finding(lambda: .exp(lowestPlace(t, v)), trials: trials)
  }

  private func strongestOfFlat(
    _ sorted: [Trial], _ best: Trial, _ value: (Trial) -> Double?
  ) -> Double? {
    guard let least = value(best),
      let far = sorted.last(where: { $0.lambda <= 16.1 * best.lambda }),
      far.lambda >= 15.9 * best.lambda, let risen = value(far), risen < 1.04 * least
    else { return nil }
    return sorted.last { (value($0) ?? .infinity) <= 1.05 * least }?.lambda
  }

  /// The λ at which the residual meets `level`: a walk that brackets it, then log-log interpolation
  /// and trials there until the residual is within `tolerance` of the level.
  public func root(
    residual level: Double, tolerance: Double = 1e-2, _ attempt: (_ lambda: Double) throws -> Trial
  ) rethrows -> Finding {
    var trials: [Trial] = []
    var lambda = start
    trials.append(try attempt(lambda))
    let goesDown = trials[0].residual > level
    while trials.count < limit, let last = trials.last, (last.residual > level) == goesDown {
      lambda = goesDown ? lambda / factor : lambda * factor
      guard range.contains(lambda) else { break }
      trials.append(try attempt(lambda))
    }
    while trials.count < limit, let place = interpolated(trials, level) {
      let nearest = trials.min { abs($0.residual - level) < abs($1.residual - level) }
      if let nearest, abs(nearest.residual - level) <= tolerance * level {
        return Finding(lambda: nearest.lambda, trials: trials)
      }
      trials.append(try attempt(place))
    }
    let nearest = trials.min { abs($0.residual - level) < abs($1.residual - level) }
    return Finding(
      lambda: nearest?.lambda ?? start, trials: trials,
      isAtEdge: interpolated(trials, level) == nil)
  }

  /// Where the residuals of given trials cross a level, by interpolation in log λ and log residual.
  public func interpolated(_ trials: [Trial], _ level: Double) -> Double? {
    let sorted = trials.sorted { $0.lambda < $1.lambda }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a.residual <= level && b.residual > level {
      let (ra, rb) = (Double.log(max(a.residual, 1e-300)), Double.log(b.residual))
      let part = (Double.log(level) - ra) / (rb - ra)
      return .exp(.log(a.lambda) + part * (.log(b.lambda) - .log(a.lambda)))
    }
    return nil
  }

  private func best(_ trials: [Trial], _ value: (Trial) -> Double?) -> Trial? {
    trials.filter { value($0) != nil }.min { (value($0) ?? .infinity) < (value($1) ?? .infinity) }
  }
}
