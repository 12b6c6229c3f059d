package import Fields
import Preparation
import RealModule
import Transforms
import Statistics

/// Shifts from page to page, outwards from the flattest, by cross-correlation after a cosine stretch.
///
/// A thin specimen seen at θ₁ looks at θ₂ as if it were stretched by cos θ₂ / cos θ₁ across the axis. The page nearer to
/// 0° is stretched, both are band-passed, and the highest place of their correlation is the shift between them.
/// A shift whose correlation lies far below the others' is not believed and taken as none.
///
/// - Reference: R. Guckenberger, Ultramicroscopy 9, 167 (1982).
package struct StretchCorrelation: Sendable {
  /// How far each page has to be moved, in its pixels.
  package let across: [Double]
  package let along: [Double]

  package init(_ level: Level, _ pages: [Image], reach: Int) {
    let tilts = level.tilts
    let order = tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) }
    let flat = order.indices.reduce(0) {
      abs(tilts[order[$1]]) < abs(tilts[order[$0]]) ? $1 : $0
    }
    let transform = PlaneTransform(rows: level.rowCount, columns: level.columnCount)
    let size = Double(min(level.rowCount, level.columnCount))
    let filter = BandPass(narrow: 1, wide: max(4, size / 10))
    // Each page with its neighbour towards the flattest one.
    let pairs = order.indices.filter { $0 != flat }.map { place in
      (page: order[place], nearer: order[place < flat ? place + 1 : place - 1])
    }
    let found = level.workers.results(pairs.count) { i -> PictureShift in
      let (page, nearer) = (pairs[i].page, pairs[i].nearer)
      let (a, b) = (Double.cos(tilts[page] * .pi / 180), Double.cos(tilts[nearer] * .pi / 180))
      let factor = b > 0.05 && a > 0.05 ? min(max(a / b, 0.5), 2) : 1
      let pictures = [pages[page], pages[nearer].stretched(by: factor)].map {
        PictureSpectrum(filter.filtered($0.pixels, columnCount: $0.columnCount), transform)
      }
      return pictures[0].shift(against: pictures[1], transform, reach: reach)
    }
    let least = upperMedian(found.map(\.correlation)) / 3
    var steps = [Int: (across: Double, along: Double)]()
    for (pair, shift) in zip(pairs, found) {
      steps[pair.page] = shift.correlation > least ? (shift.columns, shift.rows) : (0, 0)
    }
    var across = [Double](repeating: 0, count: pages.count)
    var along = across
    // A page that lies by d against its stretched neighbour, which itself has to be moved by t, has to be moved by t·factor − d.
    for place in stride(from: flat - 1, through: 0, by: -1) + Array(flat + 1..<order.count) {
      let (page, nearer) = (order[place], order[place < flat ? place + 1 : place - 1])
      let step = steps[page] ?? (0, 0)
      across[page] = across[nearer] - step.across
      along[page] = along[nearer] - step.along
    }
    let middle = along.reduce(0, +) / Double(along.count)
    (self.across, self.along) = (across, along.map { $0 - middle })
  }
}

extension Image {
  /// The page stretched about its middle across the axis, linear between pixels, ends continued.
  func stretched(by factor: Double) -> Image {
    let middle = Double(columnCount - 1) / 2
    var result = self
    for column in 0..<columnCount {
      let place = min(
        max((Double(column) - middle) / factor + middle, 0), Double(columnCount - 1))
      let low = min(Int(place), max(columnCount - 2, 0))
      let (part, next) = (Float(place - Double(low)), min(low + 1, columnCount - 1))
      for row in 0..<rowCount {
        result[row, column] = self[row, low] + part * (self[row, next] - self[row, low])
      }
    }
    return result
  }
}

private func + (_ a: StrideThrough<Int>, _ b: [Int]) -> [Int] { Array(a) + b }
