import RealModule

/// One μ that was tried.
public struct StrengthTrial: Sendable, Codable, Hashable {
  public let mu: Double
  /// `−log` likelihood of what was left out, of the fit with total variation and of the one that has its contrast back.
  public let heldOutSmooth: Double
  public let heldOutUnbiased: Double

  /// Total variation stands only where it predicts better by more than chance: a difference of `d` nats has a
  /// standard deviation of about `√(2 d)`.
  static let advantage = 2.0
  var isSmoothBetter: Bool { heldOutSmooth + Self.advantage < heldOutUnbiased }
  /// Of the better fit.
  public var heldOut: Double { min(heldOutSmooth + Self.advantage, heldOutUnbiased) }
}

/// The μ at which what was left out is predicted best.
struct StrengthSearch {
  var trials: [StrengthTrial] = []
  private(set) var best = 0.0
  /// Whether total variation predicts better than with its contrast given back.
  private(set) var prefersSmooth = false

  /// Walks from `start` in factors of two until the misfit has risen on both sides, each trial begun
  /// where the one before ended, then takes the vertex of the parabola in log μ.
  init(
    from start: Double, limit: Int = 12,
    _ attempt: (Double) throws -> (smooth: Double, unbiased: Double)
  ) rethrows {
    func trial(_ μ: Double) throws -> StrengthTrial {
      let (smooth, unbiased) = try attempt(μ)
      return StrengthTrial(mu: μ, heldOutSmooth: smooth, heldOutUnbiased: unbiased)
    }
    func add(_ μ: Double) throws {
      trials.append(try trial(μ))
      trials.sort { $0.mu < $1.mu }
    }
    // The first trial starts far from its minimum: it is repeated until it stays.
    var last = try trial(start)
    for _ in 0..<3 {
      let next = try trial(start)
      let change = abs(next.heldOut - last.heldOut)
      last = next
      if change < max(1, 0.0005 * abs(next.heldOut)) { break }
    }
    trials.append(last)
    // Both fits have a minimum of their own.
    while trials.count < limit {
      let ends = [lowest(\.heldOutSmooth), lowest(\.heldOutUnbiased)].compactMap(\.self)
      if ends.contains(trials.count - 1) {
        try add(trials[trials.count - 1].mu * 2)
      } else if ends.contains(0) {
        try add(trials[0].mu / 2)
      } else {
        break
      }
    }
    // Where prediction cannot tell, less is smoothed away.
    let least = trials[lowest].heldOut + StrengthTrial.advantage
    let chosen = trials.firstIndex { $0.heldOut <= least } ?? lowest
    best = chosen == lowest ? vertex : trials[chosen].mu
    prefersSmooth = trials[chosen].isSmoothBetter
  }

  private var lowest: Int { lowest(\.heldOut) ?? 0 }

  /// `nil` for a fit that is not made.
  private func lowest(_ misfit: KeyPath<StrengthTrial, Double>) -> Int? {
    guard trials.contains(where: { $0[keyPath: misfit].isFinite }) else { return nil }
    return trials.indices.min { trials[$0][keyPath: misfit] < trials[$1][keyPath: misfit] }
  }

  private var vertex: Double {
    let k = lowest
    guard k > 0, k < trials.count - 1 else { return trials[k].mu }
    let (a, b, c) = (trials[k - 1].heldOut, trials[k].heldOut, trials[k + 1].heldOut)
    let bend = a - 2 * b + c
    return trials[k].mu * (bend > 0 ? Double.pow(2, 0.5 * (a - c) / bend) : 1)
  }
}
