/// What the pages of a slab that fills the field have in common, although other things come into view.
///
/// Three levels of a page are compared with `a + b / cos(θ + φ)` through those of all pages: its darkest plain part, what most
/// of it shows, and its mean. Another exposure changes all three alike; voids move the first, crowded particles the second, what
/// comes into view the third. So the median of the three ratios is taken.
struct SlabLevels {
  /// How bright each page is, over what it should be by its tilt.
  let exposures: [Double]
  /// What most of each page shows, where that is what its tilt and exposure say within six robust deviations, and what they
  /// say elsewhere.
  let levels: [Double]

  init(_ pages: [(parts: PlainParts, mean: Double)], degrees: [Double]) {
    let kinds = [
      pages.map(\.parts.common), pages.map(\.parts.lowest.level), pages.map(\.mean),
    ]
    let lines = kinds.map { SecantTrend($0, degrees: degrees, least: 0).line }
    let exposures = pages.indices.map { page in
      median(zip(kinds, lines).map { $1[page] == 0 ? 1 : $0[page] / $1[page] })
    }
    let expected = zip(lines[0], exposures).map { $0 * $1 }
    let rest = zip(kinds[0], expected).map { $0 - $1 }
    let limit = 6 * robustDeviation(rest)
    self.exposures = exposures
    levels = pages.indices.map { abs(rest[$0]) > limit ? expected[$0] : kinds[0][$0] }
  }

  init(_ pages: some PageSequence) throws {
    self.init(try pages.map { (PlainParts($1), $1.mean) }, degrees: pages.tilts)
  }
}
