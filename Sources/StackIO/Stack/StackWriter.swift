package import Files

/// What the samples of a written stack are.
public enum StackEncoding: String, Sendable, Codable, CaseIterable {
  /// 32-bit floats, the values as they are.
  case float32
  /// 16-bit integers, the whole range of values spread over all 65 536 codes. The line that gives the values back,
  /// `offset + scale · code`, is recorded in the file and in the receipt.
  case scaled16
}

/// What was written.
package struct StackReceipt: Sendable, Hashable {
  package let path: String
  package let format: StackFormat
  package let shape: StackShape
  package let sampleType: SampleType
  package let byteCount: Int
  package let isBigTIFF: Bool
  /// The smallest and largest finite value.
  package let range: ClosedRange<Float>
  /// The line from samples to values of ``StackEncoding/scaled16``.
  package let valueScale: ValueScale?
}

/// An image stack being written, block by block in any order.
///
/// The file is laid out first, BigTIFF when it passes 4 GiB, and each block goes to its place. It is
/// written beside `path` and gets that name by ``finish()``; a writer let go before leaves nothing.
/// The same pixels give the same bytes, whatever the order and shape of the blocks.
package struct StackWriter: ~Copyable, @unchecked Sendable {  // the only owner of its file
  package let shape: StackShape
  private let encoding: StackEncoding
  private let layout: StackLayout
  private let file: OutputFile
  private var census = BlockCensus()
  private var flipped: [Float] = []

  /// - Parameters:
  ///   - path: its ending gives the format.
  ///   - pixelSize: the distance between columns and between rows, in nm.
  ///   - pageSpacing: the distance between pages, in nm.
  ///   - channelCount: of an ImageJ hyperstack (TIFF), whose pages are channel by channel within a slice.
  package init(
    path: String, shape: StackShape, pixelSize: Double? = nil, pageSpacing: Double? = nil,
    encoding: StackEncoding = .float32, channelCount: Int = 1
  ) throws(StackError) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.split(separator: ".").dropFirst().last.map { String($0) } ?? ""
    guard let format = StackFormat(pathExtension: ending) else { throw .unknownFormat(path: path) }
    let size = pixelSize.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    let spacing = StackSpacing(
      column: size, row: size, page: pageSpacing.flatMap { $0.isFinite && $0 > 0 ? $0 : nil })
    guard
      let layout = StackLayout(
        format, shape: shape, sampleType: .float32, spacing: spacing,
        channelCount: channelCount)
    else { throw .unwritableShape(path: path, shape) }
    let extra = encoding == .scaled16 ? layout.byteCount / 2 : 0
    let file = try FileError.inStack { () throws(FileError) in
      try OutputFile(path: path, byteCount: layout.byteCount, spare: extra)
    }
    (self.shape, self.encoding, self.layout, self.file) = (shape, encoding, layout, file)
  }

  /// Writes a block, `[row][column]` from the top, of page `page` (from 0) to its place: whole rows
  /// in one piece, narrower blocks row by row.
  package mutating func write(
    _ pixels: Span<Float>, page: Int, rows: Range<Int>, columns: Range<Int>
  ) throws(StackError) {
    precondition(
      0 <= page && page < shape.pageCount && rows.lowerBound >= 0 && columns.lowerBound >= 0
        && rows.upperBound <= shape.rowCount && columns.upperBound <= shape.columnCount,
      "the block lies outside the stack")
    precondition(pixels.count == rows.count * columns.count, "pixels do not fit the block")
    guard !rows.isEmpty, !columns.isEmpty else { return }
    census.add(pixels)
    let width = columns.count
    if width < shape.columnCount {
      for (i, row) in rows.enumerated() {
        try put(
          pixels.extracting(i * width..<(i + 1) * width),
          to: file, at: layout.offset(page: page, row: row) + columns.lowerBound * 4)
      }
    } else if layout.isBottomUp {
      if flipped.count < pixels.count { flipped = [Float](repeating: 0, count: pixels.count) }
      for row in 0..<rows.count {
        let (from, to) = (row * width, (rows.count - 1 - row) * width)
        for i in 0..<width { flipped[to + i] = pixels[from + i] }
      }
      try put(
        flipped.span.extracting(0..<pixels.count),
        to: file, at: layout.offset(page: page, row: rows.upperBound - 1))
    } else {
      try put(pixels, to: file, at: layout.offset(page: page, row: rows.lowerBound))
    }
  }

  /// Writes one whole page, `[row][column]` from the top.
  package mutating func write(_ pixels: Span<Float>, page: Int) throws(StackError) {
    try write(pixels, page: page, rows: 0..<shape.rowCount, columns: 0..<shape.columnCount)
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: ``StackError/incomplete(path:written:of:)`` unless as many pixels were written as the
  ///   stack has.
  package consuming func finish() throws(StackError) -> StackReceipt {
    let (receipt, file) = try seal()
    try FileError.inStack { () throws(FileError) in try file.commit() }
    return receipt
  }

  /// Completes the file, which has yet to get its name, together with what belongs to it.
  ///
  /// - Throws: as ``finish()``.
  package consuming func seal() throws(StackError) -> (receipt: StackReceipt, file: OutputFile) {
    let pixelCount = shape.pageCount * shape.pixelsPerPage
    guard census.pixelCount == pixelCount else {
      throw .incomplete(path: file.path, written: census.pixelCount, of: pixelCount)
    }
    guard census.nonFiniteCount == 0 else {
      throw .nonFiniteOutput(path: file.path, count: census.nonFiniteCount)
    }
    switch encoding {
    case .float32:
      try put(layout.header(range: census.range).span, to: file, at: 0)
      return (receipt(layout), file)
    case .scaled16:
      let (scaled, copy) = try scaledCopy()
      return (receipt(scaled), copy)
    }
  }

  private borrowing func receipt(_ layout: StackLayout) -> StackReceipt {
    StackReceipt(
      path: file.path, format: layout.format, shape: shape, sampleType: layout.sampleType,
      byteCount: layout.byteCount, isBigTIFF: layout.isBigTIFF, range: census.range,
      valueScale: layout.valueScale)
  }

  /// The second pass of 16-bit output: code = round((value − smallest) / scale).
  private borrowing func scaledCopy() throws(StackError) -> (StackLayout, OutputFile) {
    let range = census.range
    let smallest = Double(range.lowerBound)
    let extent = Double(range.upperBound) - smallest
    let scale = extent > 0 ? extent / 65535 : 1
    let shift = layout.format == .mrc ? 32768 : 0  // int16 in MRC
    guard
      let scaled = StackLayout(
        layout.format, shape: shape, sampleType: shift == 0 ? .uint16 : .int16,
        spacing: layout.spacing,
        valueScale: ValueScale(scale: scale, offset: smallest + scale * Double(shift)),
        channelCount: layout.channelCount)
    else { throw .unwritableShape(path: file.path, shape) }
    let path = file.path
    let copy = try FileError.inStack { () throws(FileError) in
      try OutputFile(path: path, byteCount: scaled.byteCount)
    }
    let largestCode = extent > 0 ? 65535 - shift : -shift
    try put(scaled.header(range: Float(-shift)...Float(largestCode)).span, to: copy, at: 0)
    var row = [Float](repeating: 0, count: shape.columnCount)
    var codes = [UInt16](repeating: 0, count: shape.columnCount)
    for index in 0..<shape.pageCount * shape.rowCount {
      var values = row.mutableSpan
      do throws(FileError) {
        try file.read(into: &values, at: layout.dataOffset + index * layout.rowBytes)
      } catch {
        throw .file(error)
      }
      for i in row.indices {
        let code = Int(((Double(row[i]) - smallest) / scale).rounded()) - shift
        codes[i] = UInt16(truncatingIfNeeded: code)
      }
      try put(codes.span, to: copy, at: scaled.dataOffset + index * scaled.rowBytes)
    }
    return (scaled, copy)
  }
}

private func put<Sample: BitwiseCopyable>(
  _ samples: Span<Sample>, to file: OutputFile, at offset: Int
) throws(StackError) {
  do throws(FileError) { try file.write(samples, at: offset) } catch { throw .file(error) }
}

/// What has been written so far; nothing in it depends on the order of blocks.
private struct BlockCensus {
  var pixelCount = 0
  var nonFiniteCount = 0
  private var finiteRange: ClosedRange<Float>?

  /// The smallest and largest finite value, 0 and 0 where there is none.
  var range: ClosedRange<Float> {
    let range = finiteRange ?? 0...0
    return range.lowerBound + 0...range.upperBound + 0  // −0 or 0 would depend on the order
  }

  mutating func add(_ pixels: Span<Float>) {
    pixelCount += pixels.count
    nonFiniteCount += pixels.nonFiniteCount
    guard let block = pixels.finiteRange else { return }
    let known = finiteRange ?? block
    finiteRange =
      min(known.lowerBound, block.lowerBound)...max(known.upperBound, block.upperBound)
  }
}
