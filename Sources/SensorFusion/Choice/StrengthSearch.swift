import RealModule

/// One μ that was tried.
public struct StrengthTrial: Sendable, Codable, Hashable {
  public let mu: Double
  /// `−log` likelihood of the pixels that were left out.
  public let heldOut: Double
}

/// The μ at which pixels that were left out are predicted best.
struct StrengthSearch {
  var trials: [StrengthTrial] = []
  private(set) var best = 0.0

  /// Walks from `start` in factors of two until the misfit has risen on both sides, each trial begun
  /// where the one before ended, then takes the vertex of the parabola in log μ.
  init(from start: Double, limit: Int = 14, _ attempt: (Double) throws -> Double) rethrows {
    func add(_ μ: Double) throws {
      trials.append(StrengthTrial(mu: μ, heldOut: try attempt(μ)))
      trials.sort { $0.mu < $1.mu }
    }
    // The first trial starts far from its minimum: it is repeated until it stays.
    var last = try attempt(start)
    for _ in 0..<4 {
      let next = try attempt(start)
      let change = abs(next - last)
      last = next
      if change < 0.002 * abs(next) { break }
    }
    trials.append(StrengthTrial(mu: start, heldOut: last))
    while trials.count < limit {
      if lowest == trials.count - 1 {
        try add(trials[trials.count - 1].mu * 2)
      } else if lowest == 0 {
        try add(trials[0].mu / 2)
      } else {
        break
      }
    }
    best = vertex
  }

  private var lowest: Int {
    trials.indices.min { trials[$0].heldOut < trials[$1].heldOut } ?? 0
  }

  private var vertex: Double {
    let k = lowest
    guard k > 0, k < trials.count - 1 else { return trials[k].mu }
    let (a, b, c) = (trials[k - 1].heldOut, trials[k].heldOut, trials[k + 1].heldOut)
    let bend = a - 2 * b + c
    return trials[k].mu * (bend > 0 ? Double.pow(2, 0.5 * (a - c) / bend) : 1)
  }
}
