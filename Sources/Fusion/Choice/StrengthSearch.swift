import RealModule
import Statistics

/// One μ that was tried.
package struct StrengthTrial: Sendable, Codable, Hashable {
  package let mu: Double
  /// `−log` likelihood of what was left out: of the fit with total variation first, then of mixtures with the one whose
  /// contrast is given back, in equal steps up to that one alone.
  package let heldOut: [Double]

  var least: Double { heldOut.min() ?? .infinity }
}

/// The μ, and the mixture of both fits, at which what was left out is predicted best.
struct StrengthSearch {
  private(set) var trials: [StrengthTrial] = []
  private(set) var best = 0.0
  /// Of the fit whose contrast is given back.
  private(set) var contrastShare = 1.0

  /// In nats: less is chance, since a difference of `d` has a standard deviation of about `√(2 d)`.
  static let advantage = 4.0

  /// Walks from `start` in factors of two until the misfits of both fits have risen on both sides, each trial begun
  /// where the one before ended, then takes the vertex of the parabola in log μ.
  init(from start: Double, limit: Int = 12, _ attempt: (Double) throws -> [Double]) rethrows {
    // The first trial starts far from its minimum: it is repeated until it stays.
    var last = StrengthTrial(mu: start, heldOut: try attempt(start))
    for _ in 0..<6 {
      let next = StrengthTrial(mu: start, heldOut: try attempt(start))
      let change = abs(next.least - last.least)
      last = next
      if change < max(1, 0.0002 * abs(next.least)) { break }
    }
    trials = [last]
    let fits = last.heldOut.indices
    while trials.count < limit {
      let ends = [lowest(0), lowest(fits.upperBound - 1)]
      let μ: Double
      if ends.contains(trials.count - 1) {
        μ = trials[trials.count - 1].mu * 2
      } else if ends.contains(0) {
        μ = trials[0].mu / 2
      } else {
        break
      }
      trials.append(StrengthTrial(mu: μ, heldOut: try attempt(μ)))
      trials.sort { $0.mu < $1.mu }
    }
    // Where prediction cannot tell, contrast is given back, and less is smoothed away.
    let least = fits.reduce(.infinity) { min($0, trials[lowest($1)].heldOut[$1]) }
    let enough = least + Self.advantage
    let fit = fits.last { trials[lowest($0)].heldOut[$0] <= enough } ?? 0
    contrastShare = fits.count > 1 ? Double(fit) / Double(fits.count - 1) : 1
    let chosen = trials.firstIndex { $0.heldOut[fit] <= enough } ?? 0
    best = chosen == lowest(fit) ? vertex(fit) : trials[chosen].mu
  }

  private func lowest(_ fit: Int) -> Int {
    trials.indices.min { trials[$0].heldOut[fit] < trials[$1].heldOut[fit] } ?? 0
  }

  private func vertex(_ fit: Int) -> Double {
    let k = lowest(fit)
    guard k > 0, k < trials.count - 1 else { return trials[k].mu }
    let near = trials[k - 1...k + 1].map { $0.heldOut[fit] }
    return trials[k].mu * .pow(2, lowestPlace(near[0], near[1], near[2]))
  }
}
