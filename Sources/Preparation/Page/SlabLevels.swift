import Fields
import Statistics

/// What the pages of a slab that fills the field have in common, although other things come into view.
///
/// Three levels of a page are compared with `a + b / cos(θ + φ)` through those of all pages: what most of it shows, its mean, and its
/// darkest or brightest plain part, whichever follows that better. Another exposure changes all three alike; crowded particles
/// move the first, what comes into view the second, voids the third. So the median of the three ratios is taken.
struct SlabLevels {
  /// How bright each page is, over what it should be by its tilt.
  let exposures: [Double]
  /// What most of each page shows, where that is what its tilt and exposure say within six robust deviations, and what they
  /// say elsewhere.
  let levels: [Double]

  init(_ pages: [(parts: PlainParts, mean: Double)], degrees: [Double]) {
    func kind(_ levels: [Double]) -> (line: [Double], ratios: [Double], spread: Double) {
      let line = SecantTrend(levels, degrees: degrees, least: 0).line
      let ratios = zip(levels, line).map { $0 / $1 }.map { $0 > 0 && $0.isFinite ? $0 : 1 }
      return (line, ratios, robustDeviation(ratios))
    }
    let levels = pages.map(\.parts.common)
    let common = kind(levels)
    let (dark, bright) = (
      kind(pages.map(\.parts.lowest.level)), kind(pages.map(\.parts.highest.level))
    )
    let kinds = [common, kind(pages.map(\.mean)), dark.spread <= bright.spread ? dark : bright]
    let exposures = pages.indices.map { page in upperMedian(kinds.map { $0.ratios[page] }) }
    let expected = zip(common.line, exposures).map { $0 * $1 }
    let rest = zip(levels, expected).map { $0 - $1 }
    let limit = 6 * robustDeviation(rest)
    self.exposures = exposures
    self.levels = levels.indices.map { abs(rest[$0]) > limit ? expected[$0] : levels[$0] }
  }

  init(_ pages: some PageSequence) throws {
    self.init(try pages.map { (PlainParts($1), $1.mean) }, degrees: pages.tilts)
  }
}
