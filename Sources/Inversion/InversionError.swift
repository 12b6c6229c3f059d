public import Errors

/// Why a problem could not be set up, or its solution was given up.
public enum InversionError: CategorisedError, Equatable {
  /// A measurement is negative where counts are fitted; `index` is its place in the field.
  case negativeCount(Float, index: Int)
  /// A background of counts that is negative or not finite.
  case negativeBackground(Float)
  /// A weight of a fit or a penalty that is not a positive finite number.
  case weight(Float)
  /// A range of allowed values that does not contain zero.
  case bounds(Float, Float)
  /// The curvature of a fit to counts without a background has no bound, so that no step length is safe.
  case noCurvature
  /// A nonlinear model whose derivative has no known bound.
  case unbounded
  /// A penalty that the proximal gradient method cannot minimise, since it has unknowns of its own.
  case auxiliaryUnknowns
  /// A denoiser failed, with what it said.
  case denoiser(String)
  /// A setting of a solver, by its name, that cannot work.
  case setting(String, Double)
  /// The objective became NaN or infinite.
  case diverged(iteration: Int)

  public var category: ErrorCategory {
    switch self {
    case .negativeCount: .badData
    case .diverged, .denoiser: .internalFault
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .negativeCount(let value, let index):
      """
      Measurement \(index) is \(value), and counts cannot be negative. \
      Undo the background subtraction and give the background instead, or use a Gaussian fit.
      """
    case .negativeBackground(let value):
      "The background must be zero or a positive number (got \(value))."
    case .weight(let value):
      "A weight must be a positive finite number (got \(value))."
    case .bounds(let lower, let upper):
      "The range from \(lower) to \(upper) does not contain zero. Choose bounds on either side of it."
    case .noCurvature:
      """
      Counts without a background bound no step length. \
      Give a background above zero, or solve by the primal-dual method.
      """
    case .unbounded:
      "The derivative of the model has no known bound. Solve by the proximal gradient method."
    case .auxiliaryUnknowns:
      "The penalty has unknowns of its own beside the volume. Solve by the primal-dual method."
    case .denoiser(let words):
      words
    case .setting(let name, let value):
      "The solver's \(name) cannot be \(value). Use its default or another value."
    case .diverged(let iteration):
      """
      The objective was no longer a number at iteration \(iteration). \
      Check the measurements for values that are not finite.
      """
    }
  }
}
