package import Errors

/// Why something could not be drawn or written.
package enum PlotError: CategorisedError, Equatable {
  case cannotWrite(String)
  case cannotEncode(String)
  case sectionOutside(String, count: Int)
  case noPoints(chart: String)
  case pointNotFinite(series: String, index: Int)
  case pointNotPositive(series: String, index: Int, value: Double)
  case rowLength(row: Int, count: Int, expected: Int)

  package var category: ErrorCategory {
    if case .cannotWrite = self { .cannotCreate } else { .usage }
  }

  package var description: String {
    switch self {
    case .cannotWrite(let path):
      "Cannot write '\(path)'. Check that its folder exists, is writable and is not full."
    case .cannotEncode(let size):
      "An image of \(size) pixels cannot be stored as PNG. Crop or bin it."
    case .sectionOutside(let section, let count):
      """
      The section \(section) is outside the volume. \
      Its position must be between 0 and \(count - 1).
      """
    case .noPoints(let chart):
      "The chart '\(chart)' has no points. Add at least one series with a point."
    case .pointNotFinite(let series, let index):
      """
      Point \(index + 1) of the series '\(series)' is not a finite number, or too \
      large. Leave it out of the chart.
      """
    case .pointNotPositive(let series, let index, let value):
      """
      Point \(index + 1) of the series '\(series)' is \(value), which cannot be shown on a logarithmic \
      axis. Leave it out or use a linear axis.
      """
    case .rowLength(let row, let count, let expected):
      """
      Row \(row + 1) of the table has \(count) cells and the header \(expected). \
      Give each row one cell per column.
      """
    }
  }
}
