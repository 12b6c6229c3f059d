public import Errors
public import Fields

/// Why a run cannot be made, or ended.
public enum ReconstructionError: CategorisedError, Equatable {
  case interrupted
  case startNotUsed(String)
  case startShape(VolumeShape, expected: VolumeShape)
  case relaxation(Float)
  case iterations(Int)
  case tolerance(Double)
  case pointOfAnotherRun

  public var category: ErrorCategory {
    switch self {
    case .interrupted: .interrupted
    case .startShape, .pointOfAnotherRun: .badData
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .interrupted:
      "The run was interrupted; nothing was written."
    case .startNotUsed(let method):
      "Method \(method) has no use for a start volume. Leave --init away, or choose sirt."
    case .startShape(let found, let expected):
      """
      The start volume has \(found.width) × \(found.sliceCount) × \(found.depth) voxels (x, y, z), \
      but this run needs \(expected.width) × \(expected.sliceCount) × \(expected.depth). \
      Give a volume of that size, or set --depth to match.
      """
    case .relaxation(let value):
      "A relaxation of \(value) does not converge. Choose one above 0 and below 2."
    case .iterations(let count):
      "\(count) iterations cannot be run. Ask for at least 1."
    case .tolerance(let value):
      "A stop level of \(value) is not usable. Give a positive number."
    case .pointOfAnotherRun:
      "The checkpoint holds numbers that this run cannot have made. Remove it and start again."
    }
  }
}
