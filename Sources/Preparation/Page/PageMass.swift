import Fields
import Statistics

/// Where what stands out of vacuum lies in a page.
///
/// The weight of a pixel is w = max(0, |p − vacuum| − t), on the side of vacuum where the page has more, with
/// t = max(3 σ, 5 % of the largest), σ of vacuum, so that noise far from the object has none.
///
/// An end counts only where its plain mean lies five standard errors from the plain part of the page that is vacuum,
/// and from the plane through the margins where they slope: noise alone makes weights of sparse counts, whose σ is 0 at the margins, and
/// so does a background that slopes.
struct PageMass {
  let centreRow: Double
  let centreColumn: Double
  let margins: PageFacts.Margins

  init(_ page: Image, _ vacuum: VacuumLevel, _ parts: PlainParts, slope: VacuumPlane?) {
    let sorted = page.sample
    let level = Float(vacuum.value)
    let sign: Float = page.mean >= vacuum.value ? 1 : -1
    let largest = sign > 0 ? quantile(sorted, 0.999) - level : level - quantile(sorted, 0.001)
    let least = max(Float(3 * vacuum.deviation), 0.05 * largest)
    var rows = [Double](repeating: 0, count: page.rowCount)
    var columns = [Double](repeating: 0, count: page.columnCount)
    var (plainRows, plainColumns) = (rows, columns)
    for row in 0..<page.rowCount {
      for column in 0..<page.columnCount {
        let weight = Double(max(0, sign * (page[row, column] - level) - least))
        rows[row] += weight
        columns[column] += weight
        plainRows[row] += Double(page[row, column])
        plainColumns[column] += Double(page[row, column])
      }
    }
    (centreRow, centreColumn) = (Self.centre(rows), Self.centre(columns))
    let plain = sign > 0 ? parts.lowest : parts.highest
    /// The vacuum of a line whose middle lies there.
    func base(_ row: Int, _ column: Int) -> Double {
      let plane = slope.flatMap { $0.isSlope ? $0.at(row, column) : nil } ?? plain.level
      return sign > 0 ? max(plane, plain.level) : min(plane, plain.level)
    }
    func isHigh(_ sums: [Double], _ a: Int, _ b: Int, of count: Int, _ level: Double) -> Bool {
      let pixels = Double(2 * count)
      let height = Double(sign) * ((sums[a] + sums[b]) / pixels - level)
      return height > 5 * plain.noise / pixels.squareRoot()
    }
    let above = Self.ends(rows) { a, b in
      isHigh(plainRows, a, b, of: page.columnCount, base(a, page.columnCount / 2))
    }
    let across = Self.ends(columns) { a, b in
      isHigh(plainColumns, a, b, of: page.rowCount, base(page.rowCount / 2, a))
    }
    margins = PageFacts.Margins(
      top: above.first, bottom: above.last, left: across.first, right: across.last)
  }

  private static func centre(_ sums: [Double]) -> Double {
    let total = sums.reduce(0, +)
    guard total > 0 else { return Double(sums.count - 1) / 2 }
    return sums.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / total
  }

  /// The mean weight of the outer two lines at either end, over the largest line; 0 where they do not stand out.
  private static func ends(
    _ weights: [Double], standsOut: (Int, Int) -> Bool
  ) -> (first: Double, last: Double) {
    guard let largest = weights.max(), largest > 0, weights.count >= 4 else { return (0, 0) }
    func end(_ a: Int, _ b: Int) -> Double {
      standsOut(a, b) ? (weights[a] + weights[b]) / 2 / largest : 0
    }
    return (end(0, 1), end(weights.count - 1, weights.count - 2))
  }
}
