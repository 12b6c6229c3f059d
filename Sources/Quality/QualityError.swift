public import Errors
public import Fields

/// Why quality could not be measured.
public enum QualityError: CategorisedError, Equatable {
  case tooFewTilts(Int)
  case slices(volume: Int, series: Int)
  case constantVolume
  case shapes(VolumeShape, VolumeShape)
  case voxelSizes(Double, Double)
  case diameter(Double)
  case wedgeOfPlane(path: String)

  public var category: ErrorCategory {
    switch self {
    case .diameter, .wedgeOfPlane: .usage
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .tooFewTilts(let count):
      "A series of \(count) tilts cannot be halved. At least two tilts per half are needed."
    case .slices(let volume, let series):
      """
      The volume has \(volume) slices along the tilt axis and the series \(series). \
      Give the series that the volume was made from, and its --tilt-axis.
      """
    case .constantVolume:
      "The volume has one value everywhere, so its quality cannot be measured. Check the path."
    case .shapes(let one, let other):
      """
      Volumes of \(Self.words(one)) and \(Self.words(other)) voxels cannot be correlated. \
      Crop or bin one of them.
      """
    case .voxelSizes(let one, let other):
      """
      The voxels are \(one) nm in one volume and \(other) nm in the other. \
      Resample one of them, or correct the headers.
      """
    case .diameter(let value):
      "The diameter must be above 0 voxels (got \(value))."
    case .wedgeOfPlane(let path):
      "'\(path)' is a single image, for which tilts have no effect. Remove --tilts."
    }
  }

  private static func words(_ shape: VolumeShape) -> String {
    "\(shape.width) × \(shape.sliceCount) × \(shape.depth)"
  }
}
