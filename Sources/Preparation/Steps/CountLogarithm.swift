import Foundation

/// What a logarithm makes of the counts of a page: for a Poisson variable k of mean μ
///
///     bias      E[−ln k] + ln μ = 1/(2μ) + 5/(12μ²) + …
///     variance  var(ln k)       = 1/μ + 3/(2μ²) + …
///
/// summed over k where μ < 50, with what is below the floor of ``BeerLambert`` at the floor. Averaging pixels after the
/// logarithm leaves the bias; adding counts before it does not.
///
/// - Reference: the series are the delta method, M. G. Kendall and A. Stuart, The Advanced Theory of Statistics 1,
///   section 10.6 (1977).
package struct CountLogarithm: Sendable, Hashable {
  /// The means over the squares of the page, weighted by their attenuation a = −ln(I / I₀).
  package let bias: Double
  package let attenuation: Double
  /// The mean over the squares.
  package let variance: Double

  /// - Parameter intensities: means of squares of `area` pixels.
  init(_ intensities: [Float], area: Int, beam: Double) {
    let floor = BeerLambert.floor * beam
    let logs = (0..<200).map { log(max(Double($0), floor)) }
    var (sum, squares, products, variances) = (0.0, 0.0, 0.0, 0.0)
    for intensity in intensities {
      let mean = max(Double(intensity), floor, 0.5 / Double(area))
      let a = max(0, -log(mean / beam))
      let (bias, variance) = Self.moments(of: mean, logs)
      (sum, squares, products) = (sum + a, squares + a * a, products + a * bias)
      variances += variance
    }
    (bias, attenuation) = sum > 0 ? (products / sum, squares / sum) : (0, 0)
    variance = variances / Double(intensities.count)
  }

  private static func moments(of mean: Double, _ logs: [Double]) -> (bias: Double, variance: Double)
  {
    guard mean < 50 else {
      return (1 / (2 * mean) + 5 / (12 * mean * mean), 1 / mean + 3 / (2 * mean * mean))
    }
    var (probability, first, second) = (exp(-mean), 0.0, 0.0)
    for k in logs.indices {
      first += probability * logs[k]
      second += probability * logs[k] * logs[k]
      probability *= mean / Double(k + 1)
    }
    return (log(mean) - first, second - first * first)
  }
}
