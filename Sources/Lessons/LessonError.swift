public import Errors

/// Why a lesson has nothing to show.
public enum LessonError: CategorisedError, Equatable {
  case nothingMissing(tilts: Int)

  public var category: ErrorCategory {
    .usage
  }

  public var description: String {
    switch self {
    case .nothingMissing(let tilts):
      """
      These \(tilts) tilts cover the full range, so there is no missing wedge to show. \
      Give a limited range, such as --tilts -70:70:2.
      """
    }
  }
}
