package import Files
package import Fields
package import Preparation
package import StackIO

/// The files of a flat and a dark field: stacks of one or several pages, of which the mean is taken.
package struct FieldFiles: Sendable {
  package let flat: FieldFile?
  package let dark: FieldFile?

  /// Reads headers only.
  package init(flat: String?, dark: String?) throws {
    self.flat = try flat.map { try FieldFile($0) }
    self.dark = try dark.map { try FieldFile($0) }
  }

  package var all: [FieldFile] { [flat, dark].compactMap(\.self) }

  /// What the step keeps of them, in bytes.
  package var keptByteCount: Int { all.map { 4 * $0.info.shape.pixelsPerPage }.reduce(0, +) }

  /// While they are read, in bytes: sums in double precision, a page, and the field that was read before;
  /// then of a flat field both, their difference, and that once more in order.
  package var readingByteCount: Int {
    let each = flat == nil ? 12 : 16
    return all.map { each * $0.info.shape.pixelsPerPage + $0.info.readerByteCount }.max() ?? 0
  }

  /// The step, and the files as they were read.
  package func step() throws -> (step: PlannedStep, files: [Fingerprint]) {
    let (flat, dark) = (try flat?.mean(), try dark?.mean())
    return (
      .fieldCorrection(flat: flat?.page, dark: dark?.page),
      [flat?.file, dark?.file].compactMap(\.self)
    )
  }
}

/// A stack of pages that show the same.
package struct FieldFile: Sendable {
  package let path: String
  package let info: StackInfo
  private let stamp: FileStamp

  package init(_ path: String) throws {
    self.path = path
    (info, stamp) = try headers(of: path)
  }

  /// The mean of all pages.
  package func mean() throws -> (page: Image, file: Fingerprint) {
    var reader = try StackReader(path: path)
    try requireSame(reader.stamp, stamp, path)
    var census = NonFiniteCensus(.refuse)
    let shape = info.shape
    var sums = [Double](repeating: 0, count: shape.pixelsPerPage)
    var pixels = [Float](repeating: 0, count: shape.pixelsPerPage)
    for page in 0..<shape.pageCount {
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      census.examine(&span, page: page, columnCount: shape.columnCount)
      for i in sums.indices { sums[i] += Double(pixels[i]) }
      try reader.hash(throughPage: page)
    }
    try census.settle(path: path)
    for i in sums.indices { pixels[i] = Float(sums[i] / Double(shape.pageCount)) }
    return (Image(pixels, columnCount: shape.columnCount), try reader.fingerprint())
  }
}
