public import Errors
public import Fields

/// Why detectors could not be fused.
public enum FusionError: CategorisedError, Equatable {
  case noMaps
  case twice(String)
  case unknownElement(String)
  case exponent(Double)
  case positive(String, Double)
  case shape(String, found: [Int], haadf: [Int])
  case negativeCount(String, Float)
  case emptyMap(String)
  case emptyHAADF
  case noiseUnknown(String)
  case vacuum(ImageRegion)
  case shift(String, right: Double, down: Double, haadf: [Int])
  case apart(right: Double, down: Double)
  case weights(without: [String])

  public var category: ErrorCategory {
    switch self {
    case .shape, .negativeCount, .emptyMap, .emptyHAADF, .noiseUnknown: .badData
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .noMaps: "No element map is given. Give one or more, for example --map Au=au.tif."
    case .twice(let name): "The element \(name) is given twice. Give each map its own name."
    case .unknownElement(let name):
      "'\(name)' is not a chemical element. Use a symbol such as Au."
    case .exponent(let value):
      "The exponent of Z must be between 0.5 and 3, such as 1.7 (got \(value))."
    case .positive(let what, let value):
      "The \(what) must be a positive finite number (got \(value))."
    case .shape(let name, let found, let haadf):
      """
      The map of \(name) has \(words(found)) pixels, and the HAADF size is not a whole multiple of that, \
      \(words(haadf)). Crop or bin one of them so that each map pixel covers k × k HAADF pixels.
      """
    case .negativeCount(let name, let value):
      """
      The map of \(name) contains \(value), and counts cannot be negative. \
      Give the counts before background subtraction and --background, or --map-noise gaussian.
      """
    case .emptyMap(let name):
      "The map of \(name) has no counts above its background. Remove it."
    case .emptyHAADF:
      "The HAADF image has one value everywhere, so there is nothing to fuse. Check the file."
    case .noiseUnknown(let name):
      "The noise of \(name) cannot be measured from its pixels. Give --haadf-noise or --map-sigma."
    case .vacuum(let region):
      """
      Rows \(region.rows) and columns \(region.columns) are not inside these maps, or too few. \
      Give --vacuum r0:r1,c0:c1 inside them, with at least 16 pixels.
      """
    case .shift(let name, let right, let down, let haadf):
      """
      A shift of \(right),\(down) pixels for the map of \(name) exceeds a quarter of HAADF's \(words(haadf)) \
      pixels. Crop HAADF and the maps to their common field.
      """
    case .weights(let names):
      """
      Weights need a common unit of concentration: give --weight or --scale for \(names.joined(separator: ", ")), too, \
      or --scale for all maps.
      """
    case .apart(let right, let down):
      """
      The maps fit HAADF best when shifted by \(Int(right.rounded())),\(Int(down.rounded())) pixels or more, an eighth \
      of the field, outside the search range. Crop HAADF and the maps to their common field, or give --shift for each map.
      """
    }
  }

  private func words(_ counts: [Int]) -> String {
    counts.map { "\($0)" }.joined(separator: " × ")
  }
}
