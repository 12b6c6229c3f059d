/// Why a report could not be written.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  case cannotWrite(path: String)
  case anchorTwice(String)

  public var description: String {
    switch self {
    case .cannotWrite(let path):
      "Cannot write '\(path)'. Check that its folder exists, may be written to and is not full."
    case .anchorTwice(let anchor):
      "Two sections of the report have the anchor '\(anchor)'. Give each another one."
    }
  }
}
