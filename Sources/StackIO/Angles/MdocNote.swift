/// What SerialEM's notes say that does not fit the stack.
public enum MdocNote: Hashable, Sendable, CustomStringConvertible {
  /// nm
  case pixelSize(Double, stack: Double)
  case imageSize(columns: Int, rows: Int)
  case dataMode(Int)
  /// Other doses than those that are known.
  case doses
  case imageFile(String)

  public var description: String {
    switch self {
    case .pixelSize(let size, let stack):
      """
      tells a pixel of \(brief(size)) nm (PixelSpacing) and the stack one of \(brief(stack)) nm. That of the stack \
      is taken.
      """
    case .doses: "tells other doses (ExposureDose) than the header, whose doses are taken."
    case .dataMode(let mode):
      "tells samples of mode \(mode) (DataMode), which are not those of the stack: it was converted since."
    case .imageFile(let name):
      "is of '\(name)' (ImageFile). Check that it belongs to this stack."
    case .imageSize(let columns, let rows):
      """
      tells pictures of \(columns) × \(rows) (ImageSize), and those of the stack are not: they were binned, cropped or \
      turned. The pixel size is not taken from there.
      """
    }
  }
}
