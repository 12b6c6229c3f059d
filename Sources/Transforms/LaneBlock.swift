import Fields

/// The transpose between one page of a slab, `[position][lane]`, and contiguous lines padded with
/// zeros, `[lane][sample]`.
///
/// A transform of contiguous lines is several times faster than one of strided lines, which more
/// than pays for the two transposes.
struct LaneBlock {
  /// Lanes that hold slices; the others are not touched.
  let trueCount: Int
  let laneCount: Int
  let binCount: Int
  let lineLength: Int
  /// Floats from one line to the next.
  let lineStride: Int

  /// `lines[lane][bin] ← page[bin][lane]`, and zero behind the last bin.
  func gather(_ page: Span<Float>, into lines: consuming MutableSpan<Float>) {
    check(page.count, lines.count)
    for first in stride(from: 0, to: binCount, by: Self.tile) {
      let bins = first..<min(binCount, first + Self.tile)
      for lane in 0..<trueCount {
        for bin in bins {
          unsafe lines[unchecked: lane * lineStride + bin] =
            page[unchecked: bin * laneCount + lane]
        }
      }
    }
    for lane in 0..<trueCount {
      for sample in binCount..<lineLength {
        unsafe lines[unchecked: lane * lineStride + sample] = 0
      }
    }
  }

  /// `page[bin][lane] ← factor · lines[lane][bin]`
  func scatter(_ lines: Span<Float>, times factor: Float, into page: inout MutableSpan<Float>) {
    check(page.count, lines.count)
    for first in stride(from: 0, to: binCount, by: Self.tile) {
      let bins = first..<min(binCount, first + Self.tile)
      for lane in 0..<trueCount {
        for bin in bins {
          unsafe page[unchecked: bin * laneCount + lane] =
            factor * lines[unchecked: lane * lineStride + bin]
        }
      }
    }
  }

  /// Bins transposed together: one cache line of a contiguous line.
  private static let tile = 16

  private func check(_ pageLength: Int, _ linesLength: Int) {
    precondition(pageLength == binCount * laneCount && trueCount <= laneCount)
    precondition(binCount <= lineLength && lineLength <= lineStride)
    precondition(trueCount * lineStride <= linesLength, "the lines do not fit the scratch")
  }
}
