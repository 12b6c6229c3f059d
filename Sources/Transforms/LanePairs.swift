import Fields

/// The transpose between one page of a slab, `[bin][lane]`, and complex lines padded with zeros,
/// `[pair][sample][lane 2p, lane 2p + 1]`.
///
/// A filter whose kernel is real treats real and imaginary part alike, so that two slices pass as
/// one complex line. Contiguous complex lines are the fastest that FFTW has, several times faster
/// than strided or real ones, which more than pays for the two transposes.
struct LanePairs {
  /// Lanes that hold slices; the others are not touched.
  let trueCount: Int
  let laneCount: Int
  let binCount: Int
  let lineLength: Int
  /// Floats from one complex line to the next.
  let lineStride: Int

  var pairCount: Int { (trueCount + 1) / 2 }

  /// Fills the lines, with zeros behind the last bin and in place of a missing partner.
  func gather(_ page: Span<Float>, into lines: consuming MutableSpan<Float>) {
    check(page.count, lines.count)
    for first in stride(from: 0, to: binCount, by: Self.tile) {
      let bins = first..<min(binCount, first + Self.tile)
      for pair in 0..<trueCount / 2 {
        let (line, lane) = (pair * lineStride, 2 * pair)
        for bin in bins {
          // Both are read before either is written, which makes one move of the two.
          let re = unsafe page[unchecked: bin * laneCount + lane]
          let im = unsafe page[unchecked: bin * laneCount + lane + 1]
          unsafe lines[unchecked: line + 2 * bin] = re
          unsafe lines[unchecked: line + 2 * bin + 1] = im
        }
      }
    }
    if !trueCount.isMultiple(of: 2) {
      let line = (pairCount - 1) * lineStride
      for bin in 0..<binCount {
        lines[line + 2 * bin] = page[bin * laneCount + trueCount - 1]
        lines[line + 2 * bin + 1] = 0
      }
    }
    for pair in 0..<pairCount {
      for i in 2 * binCount..<2 * lineLength { unsafe lines[unchecked: pair * lineStride + i] = 0 }
    }
  }

  /// Writes `samples` of the lines to the page, from the bin at `start` on, each lane times its factor.
  func scatter(
    _ lines: Span<Float>, samples: Range<Int>, times factors: [Float],
    into page: inout MutableSpan<Float>, at start: Int
  ) {
    precondition(samples.lowerBound >= 0 && samples.upperBound <= lineLength)
    precondition(start >= 0 && (start + samples.count) * laneCount <= page.count)
    precondition(factors.count == trueCount && trueCount <= laneCount)
    precondition(2 * lineLength <= lineStride && pairCount * lineStride <= lines.count)
    for first in stride(from: 0, to: samples.count, by: Self.tile) {
      let tile = first..<min(samples.count, first + Self.tile)
      for pair in 0..<trueCount / 2 {
        let line = pair * lineStride + 2 * samples.lowerBound
        let target = start * laneCount + 2 * pair
        let (a, b) = (factors[2 * pair], factors[2 * pair + 1])
        for i in tile {
          let re = unsafe lines[unchecked: line + 2 * i]
          let im = unsafe lines[unchecked: line + 2 * i + 1]
          unsafe page[unchecked: target + i * laneCount] = a * re
          unsafe page[unchecked: target + i * laneCount + 1] = b * im
        }
      }
    }
    if !trueCount.isMultiple(of: 2) {
      let line = (pairCount - 1) * lineStride + 2 * samples.lowerBound
      for i in 0..<samples.count {
        page[(start + i) * laneCount + trueCount - 1] = factors[trueCount - 1] * lines[line + 2 * i]
      }
    }
  }

  /// Bins transposed together: one cache line of a complex line.
  private static let tile = 8

  private func check(_ pageLength: Int, _ linesLength: Int) {
    precondition(pageLength == binCount * laneCount && trueCount <= laneCount)
    precondition(binCount <= lineLength && 2 * lineLength <= lineStride)
    precondition(pairCount * lineStride <= linesLength, "the lines do not fit the scratch")
  }
}
