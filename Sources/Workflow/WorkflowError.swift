/// Why a recipe could not be carried out.
public enum WorkflowError: Error, Equatable, CustomStringConvertible {
  case missing(path: String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case noTilts(path: String)
  case memory(needs: Int, limit: Int)
  case sameFile(path: String)
  case notASidecar(path: String, reason: String)
  case inputChanged(path: String)

  /// What kind of failure this is, for exit codes.
  public enum Category: Sendable {
    case noInput, badData, cannotCreate, usage
  }

  public var category: Category {
    switch self {
    case .missing, .unreadable: .noInput
    case .unwritable: .cannotCreate
    case .notASidecar, .inputChanged: .badData
    case .noTilts, .memory, .sameFile: .usage
    }
  }

  public var description: String {
    switch self {
    case .missing(let path):
      "'\(path)' does not exist. Check the path."
    case .unreadable(let path, let reason):
      "'\(path)' cannot be read: \(reason). Check the path and its permissions."
    case .unwritable(let path, let reason):
      "'\(path)' cannot be written: \(reason). Choose a folder that exists and can be written."
    case .noTilts(let path):
      "'\(path)' does not tell its tilt angles. Pass --tilts FILE or --tilts start:stop:step."
    case .memory(let needs, let limit):
      """
      This run needs \(MemoryPlan.words(needs)) even slab by slab, and may use \
      \(MemoryPlan.words(limit)). Raise --max-memory or lower --depth.
      """
    case .sameFile(let path):
      "'\(path)' is an input of this run and would be overwritten. Choose another --out."
    case .notASidecar(let path, let reason):
      "'\(path)' is not a sidecar that can be replayed: \(reason). Give the NAME.json of a result."
    case .inputChanged(let path):
      "'\(path)' is not the file that the result was made from: its SHA-256 differs. Restore it."
    }
  }
}
