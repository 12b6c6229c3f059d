/// What the tags and notes of a TIFF say that does not fit.
package enum TIFFNote: Hashable, Sendable, CustomStringConvertible {
  case whiteIsZero
  case turned(Orientation)
  /// What notes tell of pages, and how many there are.
  case pageCount(told: Int, by: FactSource, found: Int)
  /// The counts of ImageJ contradict each other.
  case imageCounts(images: Int, product: Int)
  /// Bytes that no directory names, and those of a page.
  case longer(byteCount: Int, pageByteCount: Int)
  /// The first page, from 1, that is marked as a reduced copy, and how many are.
  case previews(first: Int, count: Int)
  /// The first page, from 1, whose number is smaller than that of the page before it.
  case pageNumbers(page: Int)
  /// ImageJ's calibration is no straight line.
  case calibration(Int)
  /// tifffile's shape is not that of the pages.
  case shape([Int])
  /// A page, from 1, whose strips are shorter than its pixels.
  case shortStrips(page: Int, stored: Int, needs: Int)
  /// 32-bit samples that are told to be integers, or nothing, and look like floats.
  case floats
  /// Two pages, from 1, whose pixels are the same bytes.
  case shared(page: Int, with: Int)
  /// Samples of no told kind are taken as unsigned integers.
  case untoldSamples
  case greyResponse

  package var description: String {
    switch self {
    case .whiteIsZero:
      "In this TIFF 0 is white. Values are inverted: each is the largest possible value minus the stored one."
    case .turned(let orientation):
      "The pages are stored \(orientation.words) (tag Orientation) and are turned upright."
    case .pageCount(let told, let source, let found):
      "\(source.sentence) describe \(told) pages, and the file has \(found). All \(found) are read."
    case .imageCounts(let images, let product):
      """
      ImageJ's notes contradict themselves: images=\(images), and channels × slices × frames is \(product). \
      Check that pages and channels are right.
      """
    case .longer(let byteCount, let pageByteCount):
      """
      The file is \(byteCount) bytes longer than its directories state\
      \(byteCount < pageByteCount ? "" : ", as much as \(byteCount / pageByteCount) of its pages"). They are \
      not read. Export it again with one directory per page if pages are missing.
      """
    case .previews(let first, let count):
      """
      Page \(first)\(count > 1 ? " and \(count - 1) more are" : " is") marked as a reduced copy of another, and read \
      as pages of their own. Remove previews.
      """
    case .pageNumbers(let page):
      """
      The page numbers are out of order: page \(page) has a smaller one than the page before it. Pages are read in \
      the order of the file.
      """
    case .calibration(let kind):
      "ImageJ's notes contain a calibration curve (cf=\(kind)), which is not a straight line and is not applied."
    case .shape(let shape):
      """
      tifffile's notes describe an array of shape \(shape.map { "\($0)" }.joined(separator: " × ")), which is not that \
      of the pages. The pages are used.
      """
    case .shortStrips(let page, let stored, let needs):
      """
      The strips of page \(page) have \(stored) bytes by the directory and need \(needs). They are read to the length \
      they need. Inspect the page.
      """
    case .floats:
      """
      The samples are taken as integers, as the tag SampleFormat says or because it is missing, and look like floats. \
      Export the file again, with the right tag.
      """
    case .shared(let page, let other):
      "Pages \(other) and \(page) share the same bytes of the file. Check that all pages are there."
    case .untoldSamples:
      "The type of the samples is not given (tag SampleFormat); they are read as unsigned integers."
    case .greyResponse: "The file has a grey response curve, which is not applied."
    }
  }
}
