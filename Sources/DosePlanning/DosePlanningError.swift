package import Errors

/// Why a dose cannot be planned or a series cannot be searched for damage.
package enum DosePlanningError: CategorisedError, Equatable {
  case tiltCount(Int)
  case repeatedTiltCount(Int)
  case noTiltCounts
  case noMethods
  case range(Double)
  case repeats(Int)
  case orderCount(positions: Int, pages: Int)
  case orderNotAPosition(page: Int, value: String, pages: Int)
  case orderRepeated(position: Int, pages: [Int])
  case doses(page: Int, Double)
  case noOrder(path: String)

  package var category: ErrorCategory {
    switch self {
    case .orderCount, .orderNotAPosition, .orderRepeated, .doses, .noOrder: .badData
    default: .usage
    }
  }

  package var description: String {
    switch self {
    case .tiltCount(let count):
      "A number of tilts must be between 3 and \(DoseGrid.mostTilts) (got \(count))."
    case .repeatedTiltCount(let count):
      "The number of \(count) tilts is given twice. Give each once."
    case .noTiltCounts:
      "No number of tilts is given. Give at least one."
    case .noMethods:
      "No method is given. Give at least one."
    case .range(let degrees):
      "The range of tilts must be above 0° and at most 90° (got \(degrees))."
    case .repeats(let count):
      "The number of repeats must be between 1 and \(DoseGrid.mostRepeats) (got \(count))."
    case .orderCount(let positions, let pages):
      """
      The order has \(positions) positions, and the series has \(pages) pages. \
      Give the position of every page, in the order of the pages.
      """
    case .orderNotAPosition(let page, let value, let pages):
      """
      The order has position \(value) for page \(page) of a series of \(pages) pages. \
      Give whole numbers from 1 to \(pages).
      """
    case .orderRepeated(let position, let pages):
      """
      Pages \(pages.map { "\($0)" }.joined(separator: " and ")) both have position \(position) \
      in the order. Give each position once.
      """
    case .doses(let page, let dose):
      "The dose of page \(page) must be above 0 (got \(dose)). Give a positive number for every page."
    case .noOrder(let path):
      """
      '\(path)' does not contain the order of acquisition: each page needs its own PriorRecordDose or \
      DateTime. Give a text file with the position of every page, one per line.
      """
    }
  }
}
