import Fields
import RealModule

/// Yields of tilts by maximum likelihood of counts.
///
/// A parallel projection of an object that stays in the field has the same sum at every tilt, whatever the object is.
/// What the pages of all maps of the same tilts count above their backgrounds therefore tells the yields:
///
///     dₜ = Σ (y − b) over page t  /  its mean over all pages
struct YieldFit {
  let values: [Double]
  let errors: [Double]
  /// `Σₜ (Σy − Σm)² / Σm` for equal yields, in standard deviations from what noise gives.
  let departure: Double

  init(_ maps: [ElementMap]) {
    let sums = maps.map { $0.pictures.sums(of: $0.measurement) }
    let background = maps.reduce(0.0) { sum, map in
      sum + map.background * Double(map.pictures.rowCount * map.pictures.columnCount)
    }
    let counts = sums.dropFirst().reduce(sums[0]) { zip($0, $1).map(+) }
    let pages = Double(counts.count)
    let mean = max(counts.reduce(0, +) / pages - background, 1e-12)
    values = counts.map { max($0 - background, 1e-3 * mean) / mean }
    errors = counts.map { max($0, 1).squareRoot() / mean }
    let model = mean + background
    let chi2 = counts.reduce(0.0) { $0 + ($1 - model) * ($1 - model) / model }
    departure = (chi2 - (pages - 1)) / (2 * max(1, pages - 1)).squareRoot()
  }
}

extension Pictures {
  /// The sum of each picture.
  func sums(of field: borrowing FloatStorage) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    let values = field.span
    for block in blocks(64) {
      forEachPixel(of: block) { sums[block.picture] += Double(values[$0]) }
    }
    return sums
  }
}
