package import Fields
import RealModule

/// The ramp filter of filtered back-projection.
///
///     q = w_θ · (h ∗ p),   h[0] = 1/4,   h[n odd] = −1/(π²n²),   h[n even] = 0
///
/// for bins of width one. The kernel is transformed from real space, which leaves the mean where
/// it belongs (a ramp sampled in frequency would remove it), and lines are padded with zeros to at
/// least twice the length that they and the farther margin have, so that they do not wrap round.
/// Two slices pass as one complex line.
///
/// Source: A. C. Kak and M. Slaney, Principles of Computerized Tomographic Imaging (1988), §3.3.3.
package struct RampFilter: Sendable {
  package let binCount: Int
  /// The bins of a filtered line; those of the measured one are `0 ..< binCount`.
  package let bins: Range<Int>
  package let window: RampWindow
  /// A fraction of the Nyquist frequency.
  package let cutoff: Double

  private let transform: ComplexTransform
  /// `H[k] / N` for 0 ≤ k < N, each twice: for the real and the imaginary part.
  private let response: FloatStorage
  private let lineStride: Int
  private let linePool: ScratchPool
  private let spectrumPool: ScratchPool

  private static let largestLaneCount = 32

  /// - Parameters:
  ///   - binCount: the length of a line.
  ///   - bins: what a filtered line holds, at least the measured bins; these alone by default.
  ///   - cutoff: above this fraction of the Nyquist frequency nothing passes; 0 < cutoff ≤ 1.
  /// - Throws: ``TransformError`` where the cut-off is not such a fraction.
  package init(
    binCount: Int, bins: Range<Int>? = nil, window: RampWindow = .ramLak, cutoff: Double = 1
  ) throws(TransformError) {
    precondition(binCount > 0, "a line has at least one bin")
    guard cutoff > 0 && cutoff <= 1 else { throw .cutoff(cutoff) }
    let bins = bins ?? 0..<binCount
    precondition(
      bins.lowerBound <= 0 && bins.upperBound >= binCount, "a filtered line holds every bin")
    (self.binCount, self.bins, self.window, self.cutoff) = (binCount, bins, window, cutoff)
    let margin = max(-bins.lowerBound, bins.upperBound - binCount)
    transform = ComplexTransform(
      length: ComplexTransform.fastLength(atLeast: 2 * (binCount + margin)))
    let length = transform.length
    let half = Self.ramp(length: length).enumerated().map { k, ramp in
      let u = Double(k) / (cutoff * Double(length) / 2)
      return Float(ramp * window.value(at: u) / Double(length))
    }
    response = FloatStorage((0..<2 * length).map { half[min($0 / 2, length - $0 / 2)] })
    // Lines start on 64-byte boundaries, and not a power of two apart, which caches dislike.
    lineStride = (2 * length + 15) / 16 * 16 + 16
    linePool = ScratchPool(length: Self.largestLaneCount / 2 * lineStride)
    spectrumPool = ScratchPool(length: 2 * length)
  }

  /// `H[k] = Σ_n h[n] cos(2πkn / N)` for 0 ≤ k ≤ N/2.
  private static func ramp(length: Int) -> [Double] {
    let cosines = (0..<length).map { Double.cos(2 * .pi * Double($0) / Double(length)) }
    return (0...length / 2).map { k in
      var sum = 0.25
      for n in stride(from: 1, through: length / 2, by: 2) {
        let twice = 2 * n == length ? 1.0 : 2.0
        sum -= twice * cosines[k * n % length] / (Double.pi * Double.pi * Double(n * n))
      }
      return sum
    }
  }

  /// Filters every line and multiplies it by the weight of its tilt.
  ///
  /// - Parameters:
  ///   - projections: `[slab][tilt][bin][lane]` of the measured bins.
  ///   - goesBeyond: whether the margins beyond the measured bins are filled, one per slice; they
  ///     are zero otherwise.
  ///   - filtered: the same shape with ``bins``; padding lanes are not touched.
  ///   - tiltWeights: `w_θ`, one per tilt.
  package func apply(
    to projections: Span<Float>, shape: SlabShape, goesBeyond: [Bool], tiltWeights: [Double],
    into filtered: consuming MutableSpan<Float>, workers: Workers
  ) {
    precondition(shape.positionCount == binCount, "the filter was made for another bin count")
    precondition(projections.count == shape.count, "projections do not fit the shape")
    precondition(tiltWeights.count == shape.pageCount, "one weight a tilt")
    precondition(goesBeyond.count == shape.sliceCount, "one decision a slice")
    precondition(shape.laneCount <= Self.largestLaneCount, "a slab has at most 32 lanes")
    let pageLength = bins.count * shape.laneCount
    precondition(filtered.count == shape.slabCount * shape.pageCount * pageLength)
    workers.forEachSlab(of: filtered, length: pageLength) { block, values in
      let (slab, tilt) = block.quotientAndRemainder(dividingBy: shape.pageCount)
      let (slices, weight) = (shape.slices(of: slab), Float(tiltWeights[tilt]))
      var values = values
      let pairs = LanePairs(
        trueCount: slices.count, laneCount: shape.laneCount, binCount: binCount,
        lineLength: transform.length, lineStride: lineStride)
      linePool.withScratch { lines in
        pairs.gather(
          projections.extracting(block * shape.pageLength..<(block + 1) * shape.pageLength),
          into: lines.mutableSpan)
        spectrumPool.withScratch { spectrum in
          for pair in 0..<pairs.pairCount {
            filterLine(of: &lines, at: pair * lineStride, through: &spectrum)
          }
        }
        pairs.scatter(
          lines.span, samples: 0..<binCount, times: slices.map { _ in weight }, into: &values,
          at: -bins.lowerBound)
        let beyond = slices.map { goesBeyond[$0] ? weight : 0 }
        // A cyclic line has what lies before its first bin at its end.
        let before = transform.length + bins.lowerBound..<transform.length
        pairs.scatter(lines.span, samples: before, times: beyond, into: &values, at: 0)
        pairs.scatter(
          lines.span, samples: binCount..<bins.upperBound, times: beyond, into: &values,
          at: binCount - bins.lowerBound)
      }
    }
  }

  /// `line ← h ∗ line` for the padded complex line that begins at `start`.
  private func filterLine(
    of lines: inout FloatStorage, at start: Int, through scratch: inout FloatStorage
  ) {
    let samples = start..<start + 2 * transform.length
    var spectrum = scratch.mutableSpan
    transform.forward(lines.span.extracting(samples), into: &spectrum)
    let response = response.span
    precondition(spectrum.count == response.count)
    for k in response.indices { unsafe spectrum[unchecked: k] *= response[unchecked: k] }
    var memory = lines.mutableSpan
    var line = memory._mutatingExtracting(samples)
    transform.inverse(spectrum.span, into: &line)
  }
}
