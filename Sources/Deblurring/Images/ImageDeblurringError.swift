package import Errors
package import Fields

/// Why an image could not be deblurred.
package enum ImageDeblurringError: CategorisedError, Equatable {
  case notDiagonal(method: String, ends: String)
  case countsOnly(method: String)
  case negativeCount(Float, index: Int)
  case negativeSpread(method: String)
  case nothingSeen
  case uniform(Float)
  case partUniform(Float, rowCount: Int, columnCount: Int)
  case setting(String, Double)
  case region(ImageRegion, ImageSize)
  case regionSilent(ImageRegion)

  package var category: ErrorCategory {
    switch self {
    case .negativeCount, .nothingSeen, .uniform, .partUniform, .regionSilent: .badData
    default: .usage
    }
  }

  package var description: String {
    switch self {
    case .notDiagonal(let method, let ends):
      """
      Method \(method) needs ends and a point spread that a transform makes diagonal, and \(ends) ends \
      with this one do not. Choose --ends periodic, tikhonov or gradient.
      """
    case .countsOnly(let method):
      "Method \(method) always fits counts. Remove --fidelity, or choose tv or l1."
    case .negativeCount(let value, let index):
      """
      Pixel \(index) (from 0) is \(value), and counts cannot be negative. \
      Subtract less background, or choose tikhonov or tv with --fidelity gaussian.
      """
    case .negativeSpread(let method):
      """
      Method \(method) needs a point spread without negative values. \
      Clip them, or choose another method.
      """
    case .nothingSeen:
      "The image contains only zeros, so there is nothing to deblur. Check the file."
    case .uniform(let value):
      """
      The image has one value everywhere, \(value), so there is no blur to remove. \
      Check the file.
      """
    case .partUniform(let value, let rowCount, let columnCount):
      """
      The middle \(columnCount) × \(rowCount) pixels, on which λ is tried, are all \(value). \
      Crop the image to its content, or give --lambda.
      """
    case .setting(let name, let value):
      "\(name) cannot be \(value). Use its default or another value."
    case .region(let region, let size):
      """
      The vacuum \(Self.words(region)) is outside the \(size.rowCount) rows and \(size.columnCount) \
      columns, or has fewer than 16 pixels. Give first:end,first:end for rows and columns.
      """
    case .regionSilent(let region):
      """
      The vacuum \(Self.words(region)) contains no noise, so it does not show how much noise \
      there is. Choose a part of the image that was recorded, not filled in.
      """
    }
  }

  private static func words(_ region: ImageRegion) -> String {
    [region.rows, region.columns].map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ",")
  }
}
