public import Errors
public import Fields

/// Why a step of a preparation does not fit a series. Pages are counted from 1.
public enum PreparationError: CategorisedError, Equatable {
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

  public var category: ErrorCategory {
    switch self {
    case .intensity, .level, .curve, .curveNotPositive, .fieldSize, .fieldPair, .noLight: .badData
    default: .usage
    }
  }

  public var description: String {
    switch self {
    case .threshold(let value):
      "--hot-threshold \(value) is no threshold. Give standard deviations, 3 or more."
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
      --flat and --dark belong to the pixels of the detector. Give them before --beer-lambert, --normalise, \
      --cosine-thickness, --crop, --pad, --bin and --taper.
      """
    case .region(let step, let region, let rows, let columns):
      """
      \(step) \(region) does not lie within pages of \(columns) columns × \(rows) rows. \
      Give column,row,width,height, from 0 at the top left.
      """
    case .binning(let factor, let rows, let columns):
      "--bin \(factor) does not fit pages of \(columns) × \(rows) pixels. Give 1 to \(min(rows, columns))."
    case .margin(let step, let pixels, let rows, let columns):
      "\(step) \(pixels) does not fit pages of \(columns) × \(rows) pixels. Give fewer pixels."
    case .intensity(let page, let value):
      """
      Page \(page) has \(short(value)) for the intensity of the beam, which has no logarithm. \
      Give it to --beer-lambert, or a region of vacuum.
      """
    case .level(let page, let value):
      """
      Page \(page) has a level of \(short(value)), which cannot be scaled. Take the background off first: \
      --background before --normalise.
      """
    case .curve(let count, let pages):
      "The reference curve has \(count) values for \(pages) pages. Give one a page that is kept."
    case .curveNotPositive(let index, let value):
      "Value \(index) of the reference curve is \(value). Give numbers above 0."
    case .steepTilt(let page, let degrees):
      """
      Page \(page) is tilted by \(degrees)°, where a slab has no end. \
      Leave it out (--exclude) or leave --cosine-thickness away.
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
