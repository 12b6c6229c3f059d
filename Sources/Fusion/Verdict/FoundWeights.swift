import Fields
import RealModule

/// What HAADF sees of an element at a concentration of 1, divided by the same of the element that it sees best, as image
/// and counts tell it without any assumption.
public struct FoundWeight: Sendable, Codable, Hashable {
  /// The ratio of the coefficients, 1 for the element that HAADF sees best.
  public let value: Double
  /// The standard error of the value.
  public let error: Double
  /// What the fit took; `nil` where the coefficients were free.
  package let used: Double?
  /// `(Z / Z_best)^γ`
  package let atomic: Double

  /// Whether what is used lies further off than three standard errors and a fifth.
  var contradictsUsed: Bool {
    used.map { abs(value - $0) > max(3 * error, 0.2 * $0) } ?? false
  }

  /// Whether free coefficients are far from `Z^γ`: beyond a factor of five, since concentrations have no common unit.
  var isFarFromAtomic: Bool {
    used == nil && (value + 3 * error < 0.2 * atomic || value - 3 * error > 5 * atomic)
  }
}

extension FusionProblem {
  /// The weights of an image with several elements, `nil` where noise leaves nothing of what determines one; empty for
  /// tilt series and for one element.
  ///
  /// `var (c/d) = (var c − 2 r cov(c, d) + r² var d) / d²` with `r = c/d`.
  func foundWeights(_ fit: borrowing FloatStorage, isTied: Bool) -> [FoundWeight?] {
    guard data.haadf.pictures.count == 1, data.maps.count > 1 else { return [] }
    let found = calibrated(levels(fit, fit: fit), isTied: false, gain: nil, offset: nil)
    let (c, v) = (Array(found.values.dropLast()), found.covariance)
    guard let best = c.indices.max(by: { c[$0] < c[$1] }), c[best] > 0, v[best][best] > 0
    else { return [] }
    return c.indices.map { e in
      guard v[e][e] > 0 else { return nil }
      let ratio = c[e] / c[best]
      let variance = v[e][e] - 2 * ratio * v[e][best] + ratio * ratio * v[best][best]
      return FoundWeight(
        value: ratio, error: max(variance, 0).squareRoot() / c[best],
        used: isTied ? weights[e] / weights[best] : nil,
        atomic: atomicShares[e] / atomicShares[best])
    }
  }
}
