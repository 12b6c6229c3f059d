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
      These \(tilts) tilts go all round and leave nothing out, so there is nothing to show. \
      Give a limited range, such as --tilts -70:70:2.
      """
    }
  }
}
