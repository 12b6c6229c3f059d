package import Fields
import Preparation
import RealModule
import Statistics

/// How well neighbouring pages agree where they lie: the median correlation of each page with the next flatter one after a
/// cosine stretch, nothing moved.
///
/// It knows of no reconstruction, and so it is a second judge of an alignment that was found by predicting pages.
///
/// - Reference: R. Guckenberger, Ultramicroscopy 9, 167 (1982).
package func neighbourAgreement(_ pages: [Image], tilts: [Double], workers: Workers) -> Double {
  guard let first = pages.first else { return 0 }
  let order = tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) }
  let filter = BandPass(
    narrow: 1, wide: max(4, Double(min(first.rowCount, first.columnCount)) / 10))
  let correlations = workers.results(max(order.count - 1, 0)) { i -> Double in
    let (one, other) = (order[i], order[i + 1])
    let (near, far) = abs(tilts[one]) <= abs(tilts[other]) ? (one, other) : (other, one)
    let (a, b) = (Double.cos(tilts[far] * .pi / 180), Double.cos(tilts[near] * .pi / 180))
    let factor = b > 0.05 && a > 0.05 ? min(max(a / b, 0.5), 2) : 1
    let p = filter.filtered(pages[far].pixels, columnCount: first.columnCount)
    let q = filter.filtered(
      pages[near].stretched(by: factor).pixels, columnCount: first.columnCount)
    var (pp, qq, pq) = (0.0, 0.0, 0.0)
    for k in p.indices {
      let (x, y) = (Double(p[k]), Double(q[k]))
      (pp, qq, pq) = (pp + x * x, qq + y * y, pq + x * y)
    }
    return pp > 0 && qq > 0 ? pq / (pp * qq).squareRoot() : 0
  }
  return median(correlations)
}
