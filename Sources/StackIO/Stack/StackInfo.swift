package import Files

/// What a stack's headers say, before any page is read.
package struct StackInfo: Sendable {
  package let path: String
  package let format: StackFormat
  package let shape: StackShape
  package let sampleType: SampleType
  package let compression: StackCompression
  package let byteOrder: ByteOrder
  /// The length of the file.
  package let byteCount: Int
  /// The line from stored samples to values that pages are delivered through, where there is one.
  package let valueScale: ValueScale?
  /// The TIFF ImageDescription or the MRC labels.
  package let description: String?
  /// What a reader holds beside the page that it fills, in bytes: the largest strip, tile or group of rows,
  /// unpacked, and packed where it is compressed.
  package let readerByteCount: Int
  /// How pages are ordered by channel, slice and frame, where the file tells it.
  package internal(set) var hyperstack: Hyperstack?
  /// Distances between columns, rows and pages, where the file or the `.mdoc` file beside it tells them.
  package internal(set) var spacing = StackSpacing()
  package internal(set) var spacingSource: FactSource?
  /// The angles, one per page, by everything that tells them: the header, the `.mdoc` file and the `.rawtlt` file
  /// beside the stack, in this order.
  package private(set) var toldTilts: [TiltAngles] = []
  /// Why angles in one of these places cannot be used.
  package private(set) var tiltFaults: [StackError] = []
  /// One dose per page, in electrons/Å².
  package internal(set) var doses: Told<[Double]>?
  /// Degrees from vertical, counter-clockwise, in the pictures.
  package internal(set) var axisAngle: Told<Double>?
  /// Files beside the stack that something was read from.
  package internal(set) var filesBeside: [Fingerprint] = []
  /// What contradicts itself or is not taken as it stands.
  package internal(set) var notes: [StackNote] = []

  init(
    path: String, format: StackFormat, shape: StackShape, sampleType: SampleType,
    compression: StackCompression, byteOrder: ByteOrder, byteCount: Int, valueScale: ValueScale?,
    description: String?, readerByteCount: Int
  ) {
    (self.path, self.format, self.shape, self.sampleType) = (path, format, shape, sampleType)
    (self.compression, self.byteOrder, self.byteCount) = (compression, byteOrder, byteCount)
    (self.valueScale, self.description) = (valueScale, description)
    self.readerByteCount = readerByteCount
  }

  /// One angle per page, by what counts most.
  package var tilts: TiltAngles? { toldTilts.first }

  /// One angle per page, where all that tell them agree.
  ///
  /// - Parameter known: angles that count more.
  /// - Returns: `nil` where nothing tells angles.
  /// - Throws: ``StackError/tilts(_:)`` where two tell different angles, or all that tell some cannot be used.
  package func agreedTilts(with known: TiltAngles? = nil) throws(StackError) -> TiltAngles? {
    let all = [known].compactMap(\.self) + toldTilts
    guard let first = all.first else {
      if let fault = tiltFaults.first { throw fault }
      return nil
    }
    for other in all.dropFirst() { try first.checked(against: other) }
    return first
  }

  /// One dose per page, in electrons/Å².
  package var exposureDoses: [Double]? { doses?.value }

  /// Takes in angles that something tells, or why they cannot be used.
  mutating func add(_ degrees: [Double], from source: TiltSource) {
    add { () throws(StackError) in try TiltAngles(degrees, source: source) }
  }

  mutating func add(_ angles: () throws(StackError) -> TiltAngles) {
    do throws(StackError) {
      let angles = try angles()
      if let file = angles.fingerprint, !filesBeside.contains(file) { filesBeside.append(file) }
      try angles.checked(pages: shape.pageCount)
      toldTilts.append(angles)
    } catch {
      tiltFaults.append(error)
    }
  }

  /// The distance between columns in nm.
  package var pixelSize: Double? { spacing.column }
  /// The distance between rows in nm.
  package var rowSpacing: Double? { spacing.row }
  /// The distance between pages in nm.
  package var pageSpacing: Double? { spacing.page }
}

/// Distances in nm, `nil` where they are not known.
package struct StackSpacing: Hashable, Sendable {
  package var column: Double?
  package var row: Double?
  package var page: Double?

  package init(column: Double? = nil, row: Double? = nil, page: Double? = nil) {
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
