package import Fields
import Statistics

/// The plain parts of a page that are darkest and brightest: where vacuum can lie, wherever in the page that is.
///
/// The page is cut into squares, 1/32 of its shorter side wide and wider where single counts leave most of them without
/// any noise. The squares whose mean lies within six standard errors, or 5 % of the range, of the lowest per cent
/// of all are one plain part, and those at the other end the other.
///
/// Cost: one pass over the pixels, and a sort of the squares.
package struct PlainParts: Sendable, Hashable, Codable {
  package struct Part: Sendable, Hashable, Codable {
    package let level: Double
    /// The part of the page that it covers.
    package let share: Double
    /// The standard deviation of a single pixel.
    package let noise: Double
  }

  package let lowest: Part
  package let highest: Part

  /// The level that most squares show: of a slab that fills the field that of the slab, whatever lies in it.
  package let common: Double

  /// From the lowest per cent of the squares to the highest.
  package let range: Double

  package init(_ page: Image) {
    let short = min(page.rowCount, page.columnCount)
    var side = min(max(2, short / 32), short)
    var squares = Self.squares(page, side)
    while Self.quietest(squares) == 0, 2 * side <= short / 4 {
      side *= 2
      squares = Self.squares(page, side)
    }
    squares.sort { $0.mean < $1.mean }
    let few = min(max(3, squares.count / 100), squares.count)
    let (low, high) = (Self.mean(squares.prefix(few)), Self.mean(squares.suffix(few)))
    let band = max(6 * Self.quietest(squares).squareRoot() / Double(side), 0.05 * (high - low))
    let count = squares.count
    func part(_ squares: [Square]) -> Part {
      Part(
        level: upperMedian(squares.map(\.mean)), share: Double(squares.count) / Double(count),
        noise: (squares.reduce(0) { $0 + $1.variance } / Double(squares.count)).squareRoot())
    }
    lowest = part(squares.filter { $0.mean <= low + band })
    highest = part(squares.filter { $0.mean >= high - band })
    range = high - low
    common = VacuumLevel(squares.map { Float($0.mean) }).value
  }

  private struct Square {
    let mean: Double
    let variance: Double
  }

  private static func squares(_ page: Image, _ side: Int) -> [Square] {
    let (rows, columns) = (page.rowCount / side, page.columnCount / side)
    let count = Double(side * side)
    return (0..<rows * columns).map { place in
      let (top, left) = (place / columns * side, place % columns * side)
      var (sum, squares) = (0.0, 0.0)
      for row in top..<top + side {
        for column in left..<left + side {
          let value = Double(page[row, column])
          (sum, squares) = (sum + value, squares + value * value)
        }
      }
      let mean = sum / count
      return Square(
        mean: mean, variance: max(0, squares - count * mean * mean) / max(count - 1, 1))
    }
  }

  /// The lower quartile of the variances, which objects hardly reach.
  private static func quietest(_ squares: [Square]) -> Double {
    squares.isEmpty ? 0 : squares.map(\.variance).sorted()[squares.count / 4]
  }

  private static func mean(_ squares: ArraySlice<Square>) -> Double {
    squares.reduce(0) { $0 + $1.mean } / Double(squares.count)
  }
}
