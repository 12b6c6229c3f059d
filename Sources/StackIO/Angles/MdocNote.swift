/// What SerialEM's notes say that does not fit the stack.
public enum MdocNote: Hashable, Sendable, CustomStringConvertible {
  /// nm
  case pixelSize(Double, stack: Double)
  case imageSize(columns: Int, rows: Int)

  public var description: String {
    switch self {
    case .pixelSize(let size, let stack):
      """
      tells a pixel of \(brief(size)) nm (PixelSpacing) and the stack one of \(brief(stack)) nm. That of the stack \
      is taken.
      """
    case .imageSize(let columns, let rows):
      """
      tells pictures of \(columns) × \(rows) (ImageSize), and those of the stack are not: they were binned, cropped or \
      turned. The pixel size is not taken from there.
      """
    }
  }
}
