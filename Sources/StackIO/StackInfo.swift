/// What a stack's headers say, before any page is read.
public struct StackInfo: Sendable {
  public let path: String
  public let format: StackFormat
  public let shape: StackShape
  public let sampleType: SampleType
  public let compression: StackCompression
  public let byteOrder: ByteOrder
  /// The length of the file.
  public let byteCount: Int
  /// Distances between columns, rows and pages, where the file tells them.
  public var spacing: StackSpacing
  /// The line from stored samples to values that pages are delivered through, where there is one.
  public let valueScale: ValueScale?
  /// One angle a page, from the header or the `.mdoc` file beside the stack.
  public var tilts: TiltAngles?
  /// One dose a page in electrons/Å², from the header or the `.mdoc` file beside the stack.
  public var exposureDoses: [Double]?
  /// The TIFF ImageDescription or the MRC labels.
  public let description: String?
  /// What a reader holds beside the page that it fills, in bytes: the largest strip, tile or group of rows,
  /// unpacked, and packed where it is compressed.
  public let readerByteCount: Int

  /// The distance between columns in nm.
  public var pixelSize: Double? { spacing.column }
  /// The distance between rows in nm.
  public var rowSpacing: Double? { spacing.row }
  /// The distance between pages in nm.
  public var pageSpacing: Double? { spacing.page }
}

/// Distances in nm, `nil` where they are not known.
public struct StackSpacing: Hashable, Sendable {
  public var column: Double?
  public var row: Double?
  public var page: Double?

  public init(column: Double? = nil, row: Double? = nil, page: Double? = nil) {
    (self.column, self.row, self.page) = (column, row, page)
  }
}

/// The shortest decimal number that a single-precision `value` stands for: 3.36, not 3.3599999.
func shortestDecimal(_ value: Double) -> Double { Double("\(Float(value))") ?? value }

/// `value` where it can be a distance in nm.
///
/// Files keep distances as quotients in single precision, so of the five nearest such numbers the
/// one with the fewest digits is meant.
func plausibleSpacing(_ value: Double) -> Double? {
  guard value.isFinite, value > 1e-5, value < 1e9 else { return nil }
  let nearest = Float(value)
  let (below, above) = (nearest.nextDown, nearest.nextUp)
  let candidates = [nearest, below, above, below.nextDown, above.nextUp].map { "\($0)" }
  return candidates.min { $0.utf8.count < $1.utf8.count }.flatMap { Double($0) }
}
