import Fields
import Transforms
import Statistics

/// How little pages look alike, whatever their shift: 1 − the highest normalised correlation of their band-passed
/// pictures.
///
/// Cost: one correlation of every pair.
struct PageDistances {
  private let lower: [[Double]]

  init(_ pages: [Image], _ filter: BandPass, workers: Workers) {
    let transform = PlaneTransform(rows: pages[0].rowCount, columns: pages[0].columnCount)
    let spectra = workers.results(pages.count) { place in
      PictureSpectrum(
        filter.filtered(
          pages[place].withoutMeans.pixels, columnCount: pages[place].columnCount), transform)
    }
    // Pages as they were taken lie far apart; what correlates best beyond the reach would resemble nothing.
    let reach = min(transform.rows, transform.columns) / 3
    lower = workers.results(pages.count) { i in
      (0..<i).map {
        1 - spectra[i].shift(against: spectra[$0], transform, reach: reach).correlation
      }
    }
  }

  var count: Int { lower.count }

  func callAsFunction(_ a: Int, _ b: Int) -> Double { a > b ? lower[a][b] : lower[b][a] }

  /// Whether each page resembles some others nearly as much as the rest do: the mean of its three smallest distances is at
  /// most the median m of all and m/2 more, or five deviations more, but not beyond 2 m.
  var resemblesOthers: [Bool] {
    let nearest = (0..<count).map { i -> Double in
      let sorted = (0..<count).filter { $0 != i }.map { self(i, $0) }.sorted().prefix(3)
      return sorted.reduce(0, +) / Double(max(sorted.count, 1))
    }
    let middle = upperMedian(nearest)
    let spread = robustDeviation(nearest)
    return nearest.map { $0 <= middle + max(min(5 * spread, middle), 0.5 * middle) }
  }

  /// The median distance of pages a quarter of an order apart over that of neighbours; 1 where they differ by less than one
  /// per cent of correlation, which a peak between whole pixels alone can cost.
  func contrast(_ order: [Int]) -> Double {
    func middle(_ apart: Int) -> Double {
      upperMedian((0..<max(order.count - apart, 0)).map { self(order[$0], order[$0 + apart]) })
    }
    let (near, far) = (middle(1), middle(max(2, order.count / 4)))
    return far - near < 0.01 ? 1 : far / max(near, 1e-12)
  }

  /// `Σ_k Σ_{r=1}^{3} d(k, k + r) / r` along an order.
  func cost(_ order: [Int]) -> Double {
    var sum = 0.0
    for low in order.indices {
      for r in 1...Self.reach where low + r < order.count {
        sum += self(order[low], order[low + r]) / Double(r)
      }
    }
    return sum
  }

  /// Neighbours that count.
  static let reach = 3
}

extension Image {
  /// Less the means of rows and of columns: what runs straight through the page, as a needle does, would tie pages to their
  /// frame.
  fileprivate var withoutMeans: Image {
    var rows = [Double](repeating: 0, count: rowCount)
    var columns = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let value = Double(self[row, column])
        rows[row] += value / Double(columnCount)
        columns[column] += value / Double(rowCount)
      }
    }
    let mean = rows.reduce(0, +) / Double(rowCount)
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[row, column] -= Float(rows[row] + columns[column] - mean)
      }
    }
    return result
  }
}
