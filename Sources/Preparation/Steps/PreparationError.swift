package import Errors
package import Fields

/// Why a step of a preparation does not fit a series. Pages are counted from 1.
package enum PreparationError: CategorisedError, Equatable {
  case threshold(Double)
  case fieldSize(option: String, field: ImageSize, pages: ImageSize)
  case fieldPair(flat: ImageSize, dark: ImageSize)
  case noLight(value: Double)
  case fieldTooLate
  case region(step: String, region: String, rows: Int, columns: Int)
  case binning(factor: Int, rows: Int, columns: Int)
  case margin(step: String, pixels: Int, rows: Int, columns: Int)
  case intensity(page: Int, value: Double)
  case level(page: Int, value: Double)
  case curve(count: Int, pages: Int)
  case curveNotPositive(index: Int, value: Double)
  case steepTilt(page: Int, degrees: Double)
  case weightCount(Int, pages: Int)
  case weight(index: Int, value: Double)
  case noSuchPage(page: Int, pages: Int)
  case nothingLeft(pages: Int)

  package var category: ErrorCategory {
    switch self {
    case .intensity, .level, .curve, .curveNotPositive, .fieldSize, .fieldPair, .noLight: .badData
    default: .usage
    }
  }

  package var description: String {
    switch self {
    case .threshold(let value):
      "--hot-threshold must be at least 3 standard deviations (got \(value))."
    case .fieldSize(let option, let field, let pages):
      """
      The pages of \(option) have \(field.columnCount) × \(field.rowCount) pixels, and those of the series \
      \(pages.columnCount) × \(pages.rowCount). Give a field of the same camera at the same binning.
      """
    case .fieldPair(let flat, let dark):
      """
      The pages of --flat have \(flat.columnCount) × \(flat.rowCount) pixels, and those of --dark \
      \(dark.columnCount) × \(dark.rowCount). Give fields of the same camera at the same binning.
      """
    case .noLight(let value):
      """
      flat − dark has a median of \(short(value)): the flat field is not brighter than the dark one. \
      Check that --flat and --dark are not swapped.
      """
    case .fieldTooLate:
      """
      --flat and --dark apply to the pixels of the detector. Give them before --beer-lambert, --normalise, \
      --cosine-thickness, --crop, --pad, --bin and --taper.
      """
    case .region(let step, let region, let rows, let columns):
      """
      \(step) \(region) is not inside pages of \(columns) columns × \(rows) rows. \
      Give column,row,width,height, from 0 at the top left.
      """
    case .binning(let factor, let rows, let columns):
      "--bin must be between 1 and \(min(rows, columns)) for pages of \(columns) × \(rows) pixels (got \(factor))."
    case .margin(let step, let pixels, let rows, let columns):
      "\(step) \(pixels) is too large for pages of \(columns) × \(rows) pixels. Give fewer pixels."
    case .intensity(let page, let value):
      """
      The intensity of the beam on page \(page) must be above 0 (got \(short(value))). \
      Give a value or a region of vacuum with --beer-lambert.
      """
    case .level(let page, let value):
      """
      Page \(page) has a level of \(short(value)), which cannot be scaled. Subtract the background first: \
      --background before --normalise.
      """
    case .curve(let count, let pages):
      "The reference curve has \(count) values for \(pages) pages. Give one value per page that is kept."
    case .curveNotPositive(let index, let value):
      "Value \(index) of the reference curve is \(value). Give numbers above 0."
    case .steepTilt(let page, let degrees):
      """
      Page \(page) is tilted by \(degrees)°, where the thickness of a slab has no limit. \
      Leave it out (--exclude), or remove --cosine-thickness.
      """
    case .weightCount(let count, let pages):
      "The file of --weights has \(count) values for \(pages) pages. Give one for every page of the raw series."
    case .weight(let index, let value):
      "Value \(index) of --weights is \(value). Give numbers of 0 or more, not all 0."
    case .noSuchPage(let page, let pages):
      "--exclude names page \(page), and there are \(pages). Count pages from 1."
    case .nothingLeft(let pages):
      "--exclude leaves none of the \(pages) pages. Keep at least one."
    }
  }
}
