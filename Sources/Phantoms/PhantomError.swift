public import Errors
public import Files

/// Where in a recipe something is wrong: the file, and an object of it.
public struct RecipePlace: Sendable, Equatable, CustomStringConvertible {
  package let file: String
  /// Counted from 1; `nil` outside the list of objects.
  package let object: Int?
  package var shape: String?

  public var description: String {
    guard let object else { return "'\(file)'" }
    return "Object \(object)\(shape.map { " (\($0))" } ?? "") of '\(file)'"
  }
}

/// Why a phantom cannot be made or its projections cannot be given noise.
public enum PhantomError: CategorisedError, Equatable {
  /// The recipe could not be read.
  case file(FileError)
  case unreadable(path: String)
  case notJSON(path: String)
  /// Something that must be a JSON object, keys and values in braces, is not.
  case notAnObject(RecipePlace)
  /// A required key is missing; `rule` says what its value must be.
  case missingKey(String, RecipePlace, rule: String)
  /// A key that means nothing there.
  case unknownKey(String, RecipePlace, known: [String])
  /// A key has a value against its `rule`.
  case unusable(key: String, RecipePlace, rule: String)
  /// A voxel size that is not between 10⁻⁶ and 10⁶ nm.
  case voxelSize(Double)
  /// A level of noise (its name, its value) that is not above 0 and at most 10¹².
  case noiseLevel(String, Double)
  /// A fraction of collected electrons that is not above 0 and at most 1.
  case collectedFraction(Double)
  /// A read noise that is not from 0 to 10¹² electrons.
  case readNoise(Double)
  /// A dose per area was given for a series without a pixel size.
  case pixelSizeUnknown
  /// The projection from which the noise takes its scale has no value above 0.
  case nothingToCount(tilt: Double)
  /// A projection has a negative value, which cannot be the mean of counts.
  case negativeProjection(tilt: Double, value: Float)

  public var category: ErrorCategory {
    switch self {
    case .file(let error): error.category
    case .unreadable: .noInput
    case .voxelSize, .noiseLevel, .collectedFraction, .readNoise, .pixelSizeUnknown: .usage
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .file(let error):
      error.description
    case .unreadable(let path):
      "Cannot read the phantom recipe '\(path)'. Check the path."
    case .notJSON(let path):
      "'\(path)' is not JSON. Check its quotes, commas and brackets."
    case .notAnObject(let place):
      "\(place) is not a JSON object. Write keys and values in braces."
    case .missingKey(let key, let place, let rule):
      "\(place) has no \"\(key)\". Give \(rule)."
    case .unknownKey(let key, let place, let known):
      "\(place) has an unknown key \"\(key)\". The keys here are \(known.joined(separator: ", "))."
    case .unusable(let key, let place, let rule):
      "\(place) has an unusable \"\(key)\". It must be \(rule)."
    case .voxelSize(let size):
      "The voxel size must be between 1e-6 and 1e6 nm (got \(size))."
    case .noiseLevel(let name, let value):
      "The \(name) of the noise must be between 0 and 1e12 (got \(value))."
    case .collectedFraction(let fraction):
      "The collected fraction must be above 0 and at most 1 (got \(fraction))."
    case .readNoise(let electrons):
      "The read noise must be between 0 and 1e12 electrons (got \(electrons))."
    case .pixelSizeUnknown:
      "A dose in electrons per nm² needs the pixel size. Give the voxel size in nm."
    case .nothingToCount(let tilt):
      "The projection at \(tilt)° is empty, so the noise has no scale. Move the object into the field."
    case .negativeProjection(let tilt, let value):
      """
      The projection at \(tilt)° has the value \(value), and counts cannot be negative. \
      Use Gaussian noise or densities that add up to at least 0.
      """
    }
  }
}
