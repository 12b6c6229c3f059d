public import Errors

/// Why a result may not be written where it should go.
public enum RecordsError: CategorisedError, Equatable {
  /// The result would overwrite an input of its own run.
  case sameFile(path: String)
  /// The sidecar would overwrite that of an input.
  case sidecarIsInput(sidecar: String, input: String)
  /// The sidecar would overwrite that of another result.
  case sidecarIsTaken(sidecar: String, result: String)
  /// The sidecar would overwrite a file that is not one.
  case sidecarIsForeign(sidecar: String)
  /// A file stands there that Voxtilt did not write.
  case foreign(path: String)
  /// The name is not valid UTF-8.
  case badName(path: String)
  /// A record of a later version of Voxtilt.
  case laterSchema(path: String, schema: Int)

  public var category: ErrorCategory {
    switch self {
    case .foreign: .cannotCreate
    case .laterSchema: .badData
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .sameFile(let path):
      "'\(path)' is an input of this run and would be overwritten. Choose another --out."
    case .sidecarIsInput(let sidecar, let input):
      """
      The sidecar of this result would be '\(sidecar)', which belongs to the input '\(input)'. \
      Choose another name for --out.
      """
    case .sidecarIsTaken(let sidecar, let result):
      """
      The sidecar of this result would be '\(sidecar)', which belongs to '\(result)'. \
      Choose another name for --out, or remove that result.
      """
    case .sidecarIsForeign(let sidecar):
      """
      The sidecar of this result would overwrite '\(sidecar)', which is not a sidecar. \
      Choose another name for --out, move that file, or add --force.
      """
    case .foreign(let path):
      """
      '\(path)' exists, and no sidecar next to it shows that voxtilt wrote it. \
      Choose another name, move that file, or add --force to overwrite it.
      """
    case .badName(let path):
      "'\(path)' is not a name in UTF-8. Choose another name for --out."
    case .laterSchema(let path, let schema):
      """
      '\(path)' is a record of schema \(schema), and this version reads those up to \(ResultFiles.schema). \
      Use the version of voxtilt that wrote it, or a later one.
      """
    }
  }
}
