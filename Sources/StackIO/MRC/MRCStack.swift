import Files

extension MRCHeader {
  /// The pages that this header describes.
  func pages(of file: InputFile) throws(StackError) -> ContiguousPages {
    let extra = try MRCExtendedHeader(self, of: file)
    let labelCount = max(0, min(10, fields.int32(at: 220)))
    let labels = (0..<labelCount).map { fields.text(at: 224 + 80 * $0, count: 80) }
    // Programs that add a label may forget to count it.
    let scales = Set(
      (0..<10).compactMap { MRCLabel.valueScale(fields.text(at: 224 + 80 * $0, count: 80)) })
    let isScaled = sampleType == .int16 && scales.count == 1
    var info = StackInfo(
      path: file.path, format: .mrc, shape: shape, sampleType: sampleType, compression: .none,
      byteOrder: fields.order, byteCount: file.byteCount,
      valueScale: isScaled ? scales.first : samples.scale,
      description: labels.isEmpty ? nil : labels.joined(separator: "\n"),
      readerByteCount: ContiguousPages.readerByteCount(columns: shape.columnCount, sampleType))
    if let size = extra.pixelSize {
      info.spacing = StackSpacing(column: size, row: size)
      info.spacingSource = .extendedHeader
    } else {
      info.spacing = StackSpacing(column: cellSpacing(0), row: cellSpacing(1), page: cellSpacing(2))
      info.spacingSource = info.spacing.column.map { _ in .header }
    }
    let scaleNote: MRCNote? = isScaled || scales.isEmpty ? nil : .valueScale(count: scales.count)
    let sizes = [extra.pixelSize, cellSpacing(0)].compactMap(\.self)
    let sizeNote: MRCNote? =
      sizes.count == 2 && abs(sizes[0] - sizes[1]) > 0.01 * sizes[0]
      ? .pixelSizes(extended: sizes[0], cell: sizes[1]) : nil
    let further = [try rangeNote(of: file), scaleNote, sizeNote].compactMap(\.self)
    info.notes = (notes + extra.notes + further).map {
      .mrc($0)
    }
    let path = file.path
    if let degrees = extra.degrees { info.add(degrees, from: .header(path: path)) }
    if let degrees = imodDegrees { info.add(degrees, from: .imodFields(path: path)) }
    info.doses = extra.exposureDoses.map { Told($0, .extendedHeader) }
    info.axisAngle =
      labels.lazy.compactMap { SerialEMTitle.axisAngle($0) }.first.map { Told($0, .label) }
    if let angle = imodAxis { info.add(axisAngle: Told(angle, .header)) }
    return ContiguousPages(info, file: file, dataOffset: dataOffset, isBottomUp: true)
  }

  /// Looks at some samples of the middle page: a wrong byte order, sign or size puts them far outside of the header's
  /// range.
  private func rangeNote(of file: InputFile) throws(StackError) -> MRCNote? {
    let (low, high) = (fields.float(at: 76), fields.float(at: 80))
    guard low.isFinite, high.isFinite, low < high else { return nil }
    let page = shape.pixelsPerPage
    let count = min(page, 4096)
    let start =
      dataOffset + (shape.pageCount / 2 * page + (page - count) / 2) * sampleType.byteCount
    let bytes = try FileError.inStack { () throws(FileError) in
      try file.bytes(count * sampleType.byteCount, at: start)
    }
    var values = [Float](repeating: 0, count: count)
    var span = values.mutableSpan
    let decoder = SampleDecoder(type: sampleType, isForeign: fields.order.isForeign, scale: nil)
    decoder.decode(bytes.span.bytes, count: count, into: &span, at: 0)
    // Writers of floats often leave the range as it was, and a wrong byte order gives absurd ones.
    let isInteger = sampleType != .float32 && sampleType != .float16
    let margin = (isInteger ? 1 : 1000) * (high - low)
    let far = values.lazy.map { Double($0) }.first {
      $0.isFinite
        && (!(low - margin...high + margin).contains($0) || isInteger && $0 < 0 && low >= 0)
    }
    return far.map { .range(low: low, high: high, found: $0) }
  }

  /// Which axis IMOD's header tells that the series was tilted about, as degrees from y.
  private var imodAxis: Double? {
    guard imodDegrees != nil else { return nil }
    return [1: 90, 2: 0][fields.int16(at: 164)]
  }

  /// What IMOD's header tells of a tilt series (`idtype` 1): the first angle and the step, in hundredths of a degree.
  private var imodDegrees: [Double]? {
    guard fields.int32(at: 152) == 1_146_047_817, fields.int16(at: 160) == 1 else { return nil }
    let (step, first) = (fields.int16(at: 168), fields.int16(at: 170))
    guard step != 0 else { return nil }
    return (0..<shape.pageCount).map { Double(first + $0 * step) / 100 }
  }
}

/// The label that records how 16-bit samples become values.
enum MRCLabel {
  private static let words = ["voxtilt: value =", "+", "* stored"]

  static func text(_ scale: ValueScale) -> String {
    "\(words[0]) \(scale.offset) \(words[1]) \(scale.scale) \(words[2])"
  }

  static func valueScale(_ label: String) -> ValueScale? {
    guard label.hasPrefix(words[0]), label.hasSuffix(words[2]) else { return nil }
    let terms = label.dropFirst(words[0].count).dropLast(words[2].count).split(separator: " ")
    guard terms.count == 3, terms[1] == words[1], let offset = Double(terms[0]), offset.isFinite,
      let scale = Double(terms[2]), scale.isFinite, scale != 0
    else { return nil }
    return ValueScale(scale: scale, offset: offset)
  }
}
