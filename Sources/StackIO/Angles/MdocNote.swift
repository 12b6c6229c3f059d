/// What SerialEM's notes say that does not fit the stack.
package enum MdocNote: Hashable, Sendable, CustomStringConvertible {
  /// nm
  case pixelSize(Double, stack: Double)
  case imageSize(columns: Int, rows: Int)
  case dataMode(Int)
  /// Other doses than those that are known.
  case doses
  case imageFile(String)

  package var description: String {
    switch self {
    case .pixelSize(let size, let stack):
      """
      has a pixel of \(brief(size)) nm (PixelSpacing), and the stack one of \(brief(stack)) nm. That of the stack \
      is used.
      """
    case .doses: "has other doses (ExposureDose) than the header, whose doses are used."
    case .dataMode(let mode):
      "has samples of mode \(mode) (DataMode), which are not those of the stack: it was converted later."
    case .imageFile(let name):
      "is of '\(name)' (ImageFile). Check that it belongs to this stack."
    case .imageSize(let columns, let rows):
      """
      has images of \(columns) × \(rows) (ImageSize), and those of the stack differ: they were binned, cropped or \
      rotated. Its pixel size is not used.
      """
    }
  }
}
