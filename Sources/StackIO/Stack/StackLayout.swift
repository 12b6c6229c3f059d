/// Where every byte of an uncompressed stack will lie, known before the first pixel is written.
package struct StackLayout: Sendable {
  let format: StackFormat
  let shape: StackShape
  /// `float32`, or `uint16` (TIFF) and `int16` (MRC) for scaled output.
  let sampleType: SampleType
  let spacing: StackSpacing
  let valueScale: ValueScale?
  /// Of a hyperstack; the pages of one slice follow each other, one per channel.
  let channelCount: Int
  package let isBigTIFF: Bool
  package let dataOffset: Int
  /// The length of the whole file.
  package let byteCount: Int

  var rowBytes: Int { shape.columnCount * sampleType.byteCount }
  var pageBytes: Int { shape.rowCount * rowBytes }
  /// Whether the bottom row of a page is stored first.
  var isBottomUp: Bool { format == .mrc }

  /// `nil` where the format cannot hold the shape.
  package init?(
    _ format: StackFormat, shape: StackShape, sampleType: SampleType, spacing: StackSpacing,
    valueScale: ValueScale? = nil, channelCount: Int = 1
  ) {
    let limit = format == .tiff ? Int(UInt32.max) : Int(Int32.max)
    let counts = [shape.rowCount, shape.columnCount, shape.pageCount]
    guard counts.allSatisfy({ 1...limit ~= $0 }) else { return nil }
    var total = sampleType.byteCount
    for count in counts {
      let (product, overflow) = total.multipliedReportingOverflow(by: count)
      guard !overflow, product < 1 << 60 else { return nil }
      total = product
    }
    (self.format, self.shape, self.sampleType) = (format, shape, sampleType)
    (self.spacing, self.valueScale, self.channelCount) = (spacing, valueScale, channelCount)
    switch format {
    case .mrc: (isBigTIFF, dataOffset) = (false, MRCHeader.byteCount)
    case .tiff:
      let description = Self.description(shape, spacing, valueScale, channelCount)
      let classic = TIFFDirectoryWriter.dataOffset(
        pageCount: shape.pageCount, description: description, isBig: false)
      isBigTIFF = classic + total > Int(UInt32.max)
      dataOffset =
        isBigTIFF
        ? TIFFDirectoryWriter.dataOffset(
          pageCount: shape.pageCount, description: description, isBig: true) : classic
    }
    byteCount = dataOffset + total
  }

  /// The place of row `row` (from the top) of page `page`.
  package func offset(page: Int, row: Int) -> Int {
    dataOffset + page * pageBytes + (isBottomUp ? shape.rowCount - 1 - row : row) * rowBytes
  }

  /// All bytes before the pixels.
  /// - Parameter range: the smallest and largest stored sample.
  package func header(range: ClosedRange<Float>) -> [UInt8] {
    switch format {
    case .mrc: mrcHeader(range: range)
    case .tiff:
      TIFFDirectoryWriter(
        layout: self, description: Self.description(shape, spacing, valueScale, channelCount)
      ).bytes()
    }
  }

  /// The notes that ImageJ reads: distances, and the line from samples to values.
  private static func description(
    _ shape: StackShape, _ spacing: StackSpacing, _ valueScale: ValueScale?, _ channelCount: Int
  ) -> String {
    var text = "ImageJ=1.11a\nimages=\(shape.pageCount)\n"
    if channelCount > 1 { text += "channels=\(channelCount)\n" }
    text += "slices=\(shape.pageCount / channelCount)\n"
    if channelCount > 1 { text += "hyperstack=true\nmode=grayscale\n" }
    if spacing.column != nil { text += "unit=nm\n" }
    if spacing.column != nil, let page = spacing.page { text += "spacing=\(page)\n" }
    if let valueScale {
      text += "cf=0\nc0=\(valueScale.offset)\nc1=\(valueScale.scale)\nvunit=value\n"
    }
    return text + "loop=false\n"
  }
}
