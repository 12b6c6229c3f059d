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
  /// Counts cannot come of a point spread with negative values.
  case negativeResponse
  case lambda(Double)
  case chosenLambda
  case levelCount(Int)
  case levels([Double])
  case levelOutOfBounds(Double)
  case maskedLevels
  case share(name: String, Double)

  public var category: ErrorCategory {
    if case .negativeCounts = self { .badData } else { .usage }
  }

  public var description: String {
    switch self {
    case .decay(let value):
      "The decay of the relaxation must be above 0 and at most 1 (got \(value))."
    case .upperBound(let value):
      "The upper bound must be a positive number (got \(value))."
    case .support(let count, let expected):
      """
      The support mask has \(count) values, but the volume has \(expected). \
      Give a mask of the volume's width, depth and slices.
      """
    case .subsets(let count, let tilts):
      "The number of subsets must be between 1 and \(tilts), the number of tilts (got \(count))."
    case .background(let value):
      "The background must be 0 counts or more (got \(value))."
    case .negativeCounts(let count, let total):
      """
      \(count) of \(total) projection values are negative, and counts cannot be negative. \
      Undo the background subtraction and pass it as the known background, or choose sirt.
      """
    case .negativeResponse:
      "The point spread has negative values, and expected counts cannot be negative. Correct them, or choose sirt."
    case .noise(let value):
      "The noise must be a standard deviation above 0 (got \(value))."
    case .steps(let count):
      "The number of descent steps must be at least 1 (got \(count))."
    case .stopRule:
      "Sweeps between descents of total variation have a fixed number. Remove their stop rule."
    case .lambda(let value):
      "λ must be a positive number (got \(value))."
    case .chosenLambda:
      "Runs that are compared must have the same λ, and this method would choose one for each. Give its λ."
    case .levelCount(let count):
      "The number of grey levels must be 2 to 5 (got \(count))."
    case .levels(let values):
      "Grey levels must ascend (got \(values.map { "\($0)" }.joined(separator: ", ")))."
    case .levelOutOfBounds(let value):
      "The grey level \(value) lies beyond the bounds of voxels. Allow negative voxels, or change the upper bound."
    case .maskedLevels:
      "A mask would hold voxels to zero, which may be no grey level. Remove the mask."
    case .share(let name, let value):
      "The \(name) must be between 0 and 1 (got \(value))."
    case .factor(let name, let value):
      "The \(name) must be a positive number (got \(value))."
    }
  }
}
