public import Errors

/// Why a problem could not be set up, or its solution was given up.
public enum InversionError: CategorisedError, Equatable {
  case negativeCount(Float, index: Int)
  case negativeBackground(Float)
  case weight(Float)
  case bounds(Float, Float)
  case noCurvature
  case unbounded
  case setting(String, Double)
  case diverged(iteration: Int)

  public var category: ErrorCategory {
    switch self {
    case .negativeCount: .badData
    case .diverged: .internalFault
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .negativeCount(let value, let index):
      """
      Measurement \(index) is \(value), but counts cannot be negative. \
      Undo the background subtraction and give the background instead, or use a Gaussian fit.
      """
    case .negativeBackground(let value):
      "A background of \(value) is not usable. Give zero or a positive number."
    case .weight(let value):
      "A weight of \(value) is not usable. Give a positive finite number."
    case .bounds(let lower, let upper):
      "Values between \(lower) and \(upper) leave out zero. Choose bounds on either side of it."
    case .noCurvature:
      """
      Counts without a background bound no step length. \
      Give a background above zero, or solve by the primal-dual method.
      """
    case .unbounded:
      "The derivative of the model has no known bound. Solve by the proximal gradient method."
    case .setting(let name, let value):
      "The solver's \(name) cannot be \(value). Leave it at its default or choose a sensible value."
    case .diverged(let iteration):
      """
      The objective was no longer a number at iteration \(iteration). \
      Check the measurements for values that are not finite.
      """
    }
  }
}
