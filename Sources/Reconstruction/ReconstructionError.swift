public import Errors
public import Fields

/// Why a run cannot be made, or ended.
public enum ReconstructionError: CategorisedError, Equatable {
  case interrupted
  case startNotUsed(String)
  /// A method that does not model the instrument.
  case responseNotModelled(String)
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
      "Method \(method) does not use a start volume. Remove --init, or choose sirt."
    case .responseNotModelled(let method):
      "Method \(method) does not model a point spread. Remove --psf, or choose sirt or cs."
    case .startShape(let found, let expected):
      """
      The start volume has \(found.width) × \(found.sliceCount) × \(found.depth) voxels (x, y, z), \
      but this run needs \(expected.width) × \(expected.sliceCount) × \(expected.depth). \
      Give a volume of that size, or set --depth to match.
      """
    case .relaxation(let value):
      "The relaxation must be above 0 and below 2 to converge (got \(value))."
    case .iterations(let count):
      "The number of iterations must be at least 1 (got \(count))."
    case .tolerance(let value):
      "The stop level must be a positive number (got \(value))."
    case .pointOfAnotherRun:
      "The checkpoint contains values that this run cannot have produced. Remove it and start again."
    }
  }
}
