/// Why a recipe could not be carried out.
public enum WorkflowError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "'\(path)' cannot be read: \(reason). Check the path and its permissions."
    }
  }
}
