package import Errors

/// Why a lesson has nothing to show.
package enum LessonError: CategorisedError, Equatable {
  case nothingMissing(tilts: Int)

  package var category: ErrorCategory {
    .usage
  }

  package var description: String {
    switch self {
    case .nothingMissing(let tilts):
      """
      These \(tilts) tilts cover the full range, so there is no missing wedge to show. \
      Give a limited range, such as --tilts -70:70:2.
      """
    }
  }
}
