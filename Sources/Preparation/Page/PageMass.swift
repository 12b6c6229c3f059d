/// Where what stands out of vacuum lies in a page.
///
/// The weight of a pixel is w = max(0, |p − vacuum| − t), on the side of vacuum where the page has more, with
/// t = max(3 σ, 5 % of the largest), σ of vacuum, so that noise far from the object has none.
struct PageMass {
  let centreRow: Double
  let centreColumn: Double
  let margins: PageFacts.Margins

  init(_ page: TiltPage, _ vacuum: VacuumLevel) {
    let sorted = page.sample
    let level = Float(vacuum.value)
    let sign: Float = page.mean >= vacuum.value ? 1 : -1
    let largest = sign > 0 ? quantile(sorted, 0.999) - level : level - quantile(sorted, 0.001)
    let least = max(Float(3 * vacuum.deviation), 0.05 * largest)
    var rows = [Double](repeating: 0, count: page.rowCount)
    var columns = [Double](repeating: 0, count: page.columnCount)
    for row in 0..<page.rowCount {
      for column in 0..<page.columnCount {
        let weight = Double(max(0, sign * (page[row, column] - level) - least))
        rows[row] += weight
        columns[column] += weight
      }
    }
    (centreRow, centreColumn) = (Self.centre(rows), Self.centre(columns))
    let (above, across) = (Self.ends(rows), Self.ends(columns))
    margins = PageFacts.Margins(
      top: above.first, bottom: above.last, left: across.first, right: across.last)
  }

  private static func centre(_ sums: [Double]) -> Double {
    let total = sums.reduce(0, +)
    guard total > 0 else { return Double(sums.count - 1) / 2 }
    return sums.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / total
  }

  /// The mean of the outer two lines at either end, over the largest line.
  private static func ends(_ sums: [Double]) -> (first: Double, last: Double) {
    guard let largest = sums.max(), largest > 0, sums.count >= 4 else { return (0, 0) }
    return (
      (sums[0] + sums[1]) / 2 / largest, (sums[sums.count - 1] + sums[sums.count - 2]) / 2 / largest
    )
  }
}
