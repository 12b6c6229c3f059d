extension StackLayout {
  /// The 1024 bytes of an MRC2014 header: cell lengths in Å, labels without a date.
  ///
  /// Mean and deviation are marked as not known: a sum would depend on the order of writing.
  func mrcHeader(range: ClosedRange<Float>) -> [UInt8] {
    let counts = [shape.columnCount, shape.rowCount, shape.pageCount]
    // Programs compare the three sizes; pages without a distance get that of columns.
    let distances = [spacing.column, spacing.row, spacing.page ?? spacing.column]
    var out = ByteWriter()
    for count in counts { out.int32(count) }
    out.int32(sampleType == .float32 ? 2 : 1)
    for _ in 0..<3 { out.int32(0) }  // start of the box
    for count in counts { out.int32(count) }
    for (count, distance) in zip(counts, distances) {
      out.float(Double(count) * (distance ?? 0) * 10)
    }
    for _ in 0..<3 { out.float(90) }
    for axis in 1...3 { out.int32(axis) }
    out.float(Double(range.lowerBound))
    out.float(Double(range.upperBound))
    out.float(Double(range.lowerBound.nextDown))  // a mean below the minimum: not known
    out.int32(1)  // a volume
    out.int32(0)  // no extended header
    out.pad(to: 108)
    out.int32(20140)
    out.pad(to: 208)
    out.text("MAP ")
    out.bytes += [0x44, 0x44, 0, 0]
    out.float(-1)  // deviation: not known
    let labels = ["voxtilt"] + (valueScale.map { [MRCLabel.text($0)] } ?? [])
    out.int32(labels.count)
    for label in labels {
      out.text(label)
      out.pad(to: out.bytes.count + 80 - label.utf8.count, with: 0x20)
    }
    out.pad(to: MRCHeader.byteCount)
    return out.bytes
  }
}
