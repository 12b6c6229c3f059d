package import Errors

/// Why a report could not be made.
package enum ReportError: CategorisedError, Equatable {
  case cannotWrite(path: String)
  case anchorTwice(String)
  case badSidecar(path: String)
  /// More than a whole turn, in degrees.
  case tilt(Double, path: String)

  package var category: ErrorCategory {
    switch self {
    case .cannotWrite: .cannotCreate
    case .anchorTwice: .internalFault
    default: .badData
    }
  }

  package var description: String {
    switch self {
    case .cannotWrite(let path):
      "Cannot write '\(path)'. Check that its folder exists, is writable and is not full."
    case .anchorTwice(let anchor):
      "Two sections of the report have the anchor '\(anchor)'. Give each its own anchor."
    case .badSidecar(let path):
      """
      '\(path)' is not a sidecar: it is not a JSON object with an output. \
      Give the NAME.tif of a result whose NAME.json is complete.
      """
    case .tilt(let tilt, let path):
      "'\(path)' is not a sidecar: it has a tilt of \(tilt) degrees. Give the NAME.json of a result."
    }
  }
}
