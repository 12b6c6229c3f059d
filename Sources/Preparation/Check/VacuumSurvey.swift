import Statistics

/// Where a series shows vacuum, by the levels of its margins and of its plain parts.
///
/// In dark field vacuum is the darkest plain part of a page, in bright field the brightest. Its level does not depend on the
/// tilt. What grows like 1/cos θ, or falls in bright field, is a slab that fills the field.
package struct VacuumSurvey: Sendable {
  /// Where vacuum is.
  package enum Place: Sendable, Hashable, Codable {
    /// At the margins, where `vacuum` of a preparation looks for it.
    case margins
    /// Within the pages, at this level; margins show something else.
    case inside(level: Double)
    /// Nowhere: all pages are filled by a slab.
    case nowhere
  }

  package let place: Place
  /// 1 where matter is brighter than vacuum, -1 where it is darker, 0 where that is not known.
  let sign: Int
  /// Of the part that should be vacuum, at the flattest and at the steepest page.
  let levels: (flat: Double, steep: Double)
  /// Pages, counted in the order given, whose margins do not show the vacuum that lies inside.
  let covered: [Int]
  /// Pages whose margins have another level than those of their neighbours.
  let jumps: [Int]
  /// Levels of the margins, and how far they differ from those of neighbours.
  let margins: [Double]
  let differences: [Double]

  /// - Parameters:
  ///   - margins: the level of vacuum at the margins, one a page in ascending order of tilts.
  ///   - sign: whether matter is brighter than the margins, where margins alone tell.
  init(_ margins: [Double], _ parts: [PlainParts], degrees: [Double], sign marginSign: Int) {
    let range = upperMedian(parts.map(\.range))
    let near = 0.1 * range
    func trend(_ levels: [Double]) -> SecantTrend {
      SecantTrend(levels, degrees: degrees, least: near)
    }
    let edge = trend(margins)
    let (low, high) = (parts.map(\.lowest.level), parts.map(\.highest.level))
    let bright = margins.indices.filter { abs(margins[$0] - high[$0]) <= near }
    let isBright = 2 * bright.count > margins.count && range > 0
    if edge.sign != 0 {
      sign = edge.sign
    } else if isBright {
      // A bright frame about dark matter, or vacuum in bright field: what grows with the tilt tells, or what covers more.
      let inner = trend(low).sign
      let (below, above) = (
        upperMedian(parts.map(\.lowest.share)), upperMedian(parts.map(\.highest.share))
      )
      sign = inner != 0 ? inner : below >= max(above, 0.25) ? 1 : -1
    } else {
      sign = marginSign != 0 ? marginSign : trend(low).sign
    }
    let isDarkField = sign > 0
    let vacuum = isDarkField ? low : high
    // What most of a slab shows grows with it, and not a dark corner alone.
    let kinds = [vacuum, parts.map(\.common)].map { trend($0).sign }
    let off = margins.indices.filter { page in
      // A sloping background is neither the other end nor a slab.
      let isOther = abs(margins[page] - (isDarkField ? high : low)[page]) <= near
      return abs(margins[page] - vacuum[page]) > near && (isOther || edge.sign != 0)
    }
    let order = degrees.indices.sorted { abs(degrees[$0]) < abs(degrees[$1]) }
    levels = (vacuum[order.first ?? 0], vacuum[order.last ?? 0])
    self.margins = margins
    if sign == 0 {
      (place, covered) = (.margins, [])
    } else if kinds == [sign, sign] {
      (place, covered) = (.nowhere, [])
    } else {
      place = off.isEmpty ? .margins : .inside(level: upperMedian(vacuum))
      covered = off
    }
    // A beam that fades is no jump. A holder can cut in on several pages in a row.
    let steady = SenLine(edge.residuals, over: edge.residuals.indices.map { Double($0) }).rest
    let reach = min(8, max(3, margins.count / 4))
    let rest = zip(steady, neighbourMedians(steady, reach: reach)).map { $0 - $1 }
    let noise = upperMedian(parts.map(\.lowest.noise))
    let limit = max(near, 6 * robustDeviation(rest), 2 * noise)
    jumps = margins.count < 5 ? [] : rest.indices.filter { abs(rest[$0]) > limit && limit > 0 }
    differences = rest
  }
}
