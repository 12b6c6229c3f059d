import Foundation
import Statistics

/// How levels of pages grow with the way of the beam through a slab: `L = a + b / cos(θ + φ)`, or the median of the levels
/// where they do not.
///
/// φ is the tilt of the slab in its holder, within 12°: the one whose line leaves least to three quarters of the pages, and 0
/// where none leaves a fifth less than 0 does. Pages that are off, up to a quarter of them, move nothing.
struct SecantTrend {
  /// The line at every page.
  let line: [Double]
  /// Levels less the line, in the order of the pages.
  let residuals: [Double]
  /// -1, 0 or 1: whether levels fall, stay or grow, by more than eight robust deviations and the least growth.
  let sign: Int

  /// - Parameters:
  ///   - degrees: one angle a page.
  ///   - least: growth that matters.
  init(_ levels: [Double], degrees: [Double], least: Double) {
    let level = Fit(levels, degrees, pretilt: 0)
    var best = level
    var step = 6.0
    while step >= 0.5, level.loss > 0 {
      for pretilt in [best.pretilt - step, best.pretilt + step] where abs(pretilt) <= 12 {
        let other = Fit(levels, degrees, pretilt: pretilt)
        if other.loss < best.loss { best = other }
      }
      step /= 2
    }
    let fit = best.loss > 0.8 * level.loss ? level : best
    let isSure = abs(fit.growth) > max(8 * robustDeviation(fit.rest), least)
    let middle = upperMedian(levels)
    sign = isSure ? (fit.growth > 0 ? 1 : -1) : 0
    residuals = isSure ? fit.rest : levels.map { $0 - middle }
    line = zip(levels, residuals).map { $0 - $1 }
  }

  /// The line for one tilt of the slab.
  private struct Fit {
    let pretilt: Double
    /// What b makes between the flattest and the steepest page.
    let growth: Double
    let rest: [Double]
    /// What three quarters of the pages stay within.
    let loss: Double

    init(_ levels: [Double], _ degrees: [Double], pretilt: Double) {
      let ways = degrees.map { 1 / max(cos(($0 + pretilt) * .pi / 180), 0.05) }
      let span = (ways.max() ?? 0) - (ways.min() ?? 0)
      let line = SenLine(levels, over: ways)
      self.pretilt = pretilt
      // Ways that hardly differ tell nothing.
      growth = levels.count >= 5 && span >= 0.1 ? line.slope * span : 0
      rest = line.rest
      loss = rest.isEmpty ? 0 : rest.map(abs).sorted()[rest.count * 3 / 4]
    }
  }
}
