package import Fields
import Statistics

/// The centre of mass of a page across the tilt axis, from its middle.
///
///     u = Σ p (u − u₀) / Σ p,      p above a straight line between the medians of both margins of its row block
///
/// An object that lies wholly within the field turns about the axis, and so does its centre of mass: brought to the
/// middle on every page, it lies on the axis. `nil` where there is little or no mass.
package func centreOfMass(_ page: Image) -> Double? {
  let (rows, columns) = (page.rowCount, page.columnCount)
  let width = max(2, columns / 16)
  let inner = rows / 8..<rows - rows / 8
  func margin(_ range: Range<Int>) -> Double {
    Double(upperMedian(inner.flatMap { row in range.map { page[row, $0] } }))
  }
  let (left, right) = (margin(0..<width), margin(columns - width..<columns))
  let middle = Double(columns - 1) / 2
  let slope = (right - left) / Double(max(columns - width, 1))
  var (mass, moment, size) = (0.0, 0.0, 0.0)
  for row in inner {
    for column in 0..<columns {
      let u = Double(column) - middle
      let value = Double(page[row, column]) - (0.5 * (left + right) + slope * u)
      (mass, moment, size) = (mass + value, moment + value * u, size + abs(value))
    }
  }
  guard mass > 0.2 * size, abs(moment / mass) <= middle else { return nil }
  return moment / mass
}
