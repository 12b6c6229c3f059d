import Fields
import RealModule
import Statistics

/// How far the matter of each page spreads across the tilt axis.
///
/// For an object inside the field the second moment across the axis is, whatever its shape and the shifts and gains of
/// pages,
///
///     m(θ) = Σ p (s − s̄)² / Σ p = a + b cos 2θ + c sin 2θ
///
/// so that angles which belong to other pages fit badly.
struct SpreadFit {
  private let moments: [Double]

  /// - Parameters:
  ///   - pages: in any order.
  ///   - axis: across columns where it runs along y.
  init(_ pages: [Image], axis: TiltAxis, workers: Workers) {
    moments = workers.results(pages.count) { Self.moment(pages[$0], axis) }
  }

  /// Of what stands four deviations above the margins; dark matter is turned bright.
  private static func moment(_ page: Image, _ axis: TiltAxis) -> Double {
    let binned = page.binned(
      by: max(min(2, page.rowCount, page.columnCount), min(page.rowCount, page.columnCount) / 32))
    let (rows, columns) = (binned.rowCount, binned.columnCount)
    let (across, along) = axis == .y ? (columns, rows) : (rows, columns)
    func value(_ s: Int, _ t: Int) -> Double {
      Double(axis == .y ? binned[t, s] : binned[s, t])
    }
    let margin = [0, 1, across - 2, across - 1].filter { 0..<across ~= $0 }
    let edge = margin.flatMap { s in (0..<along).map { value(s, $0) } }
    let (level, deviation) = (upperMedian(edge), robustDeviation(edge))
    var (bright, dark) = (Sums(), Sums())
    for s in 0..<across {
      for t in 0..<along {
        let height = value(s, t) - level
        if height > 4 * deviation { bright.add(height, at: Double(s)) }
        if height < -4 * deviation { dark.add(-height, at: Double(s)) }
      }
    }
    return (bright.mass >= dark.mass ? bright : dark).variance
  }

  private struct Sums {
    var (mass, first, second) = (0.0, 0.0, 0.0)

    mutating func add(_ weight: Double, at place: Double) {
      (mass, first) = (mass + weight, first + weight * place)
      second += weight * place * place
    }

    var variance: Double {
      mass > 0 ? second / mass - (first / mass) * (first / mass) : 0
    }
  }

  /// Whether the spread varies by more than 3 % between pages.
  func isVaried(_ kept: [Bool]) -> Bool {
    let values = moments.indices.filter { kept[$0] }.map { moments[$0] }
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return squares > 0.0009 * mean * mean * Double(values.count)
  }

  /// What angles leave unexplained, and the sum of squares about the mean.
  func residual(_ degrees: [Double], of kept: [Bool]) -> (left: Double, whole: Double) {
    let pages = moments.indices.filter { kept[$0] }
    let rows = pages.map { page -> [Double] in
      let angle = 2 * degrees[page] * .pi / 180
      return [1, .cos(angle), .sin(angle)]
    }
    let values = pages.map { moments[$0] }
    let fit = ThreeTermFit(rows, values)
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    func squares(_ differences: [Double]) -> Double { differences.reduce(0) { $0 + $1 * $1 } }
    return (
      squares(zip(rows, values).map { $1 - fit.at($0) }), squares(values.map { $0 - mean })
    )
  }
}
