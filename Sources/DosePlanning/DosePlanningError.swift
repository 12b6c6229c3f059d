public import Errors

/// Why a dose cannot be planned or a series cannot be searched for damage.
public enum DosePlanningError: CategorisedError, Equatable {
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

  public var category: ErrorCategory {
    switch self {
    case .orderCount, .orderNotAPosition, .orderRepeated, .doses: .badData
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .tiltCount(let count):
      "\(count) tilts cannot be planned with. Give counts from 3 to \(DoseGrid.mostTilts)."
    case .repeatedTiltCount(let count):
      "The count of \(count) tilts stands there twice. Give each once."
    case .noTiltCounts:
      "There is no number of tilts to try. Give at least one."
    case .noMethods:
      "There is no method to try. Give at least one."
    case .range(let degrees):
      "Tilts of ±\(degrees)° cannot be planned with. Give a range above 0 and up to 90."
    case .repeats(let count):
      "\(count) repeats cannot be made. Give 1 to \(DoseGrid.mostRepeats)."
    case .orderCount(let positions, let pages):
      """
      The order names \(positions) positions and the series has \(pages) pages. \
      Give the position of every page, in the order of the pages.
      """
    case .orderNotAPosition(let page, let value, let pages):
      """
      The order says \(value) for page \(page), which is no place in a series of \(pages). \
      Give whole numbers from 1 to \(pages).
      """
    case .orderRepeated(let position, let pages):
      """
      Pages \(pages.map { "\($0)" }.joined(separator: " and ")) both stand at place \(position) \
      of the order. Give each place once.
      """
    case .doses(let page, let dose):
      "The dose of page \(page) is \(dose). Give a positive number for every page."
    }
  }
}
