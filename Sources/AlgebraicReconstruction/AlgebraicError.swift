public import Errors

/// Why an algebraic method was refused.
public enum AlgebraicError: CategorisedError, Equatable {
  case decay(Float)
  case upperBound(Float)
  case support(count: Int, expected: Int)
  case subsets(Int, tilts: Int)
  case background(Float)
  case negativeCounts(Int, of: Int)
  case noise(Double)
  case steps(Int)
  case stopRule
  case factor(name: String, Float)

  public var category: ErrorCategory {
    if case .negativeCounts = self { .badData } else { .usage }
  }

  public var description: String {
    switch self {
    case .decay(let value):
      "A relaxation cannot shrink by a factor of \(value). Choose one above 0 and at most 1."
    case .upperBound(let value):
      "No voxel can stay below an upper bound of \(value). Give a positive number."
    case .support(let count, let expected):
      """
      The support mask has \(count) values, but the volume has \(expected). \
      Give a mask of the volume's width, depth and slices.
      """
    case .subsets(let count, let tilts):
      "\(tilts) tilts cannot make \(count) subsets. Ask for 1 to \(tilts)."
    case .background(let value):
      "A background of \(value) counts is not possible. Give 0 or a positive number."
    case .negativeCounts(let count, let total):
      """
      \(count) of \(total) projection values are negative, but counts cannot be. \
      Undo the background subtraction and pass it as the known background, or choose sirt.
      """
    case .noise(let value):
      "A noise of \(value) is not usable. Give its standard deviation, a positive number."
    case .steps(let count):
      "\(count) descent steps cannot be made. Ask for at least 1."
    case .stopRule:
      "Sweeps between descents of total variation run to their number. Take their stop rule away."
    case .factor(let name, let value):
      "A \(name) of \(value) is not usable. Give a positive number."
    }
  }
}
