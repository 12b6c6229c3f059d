package import Fields
package import Operators

/// What a spectrometer sees of one element: `u = s · mean_k×k (B xₑ)`, in counts.
///
/// `B` is nothing, a blur or a projector; the mean is over the pixels of `B xₑ` that one pixel of the
/// map covers. Unknowns are `[element][voxel]`, of which only one element is looked at.
package struct MapView: SteppingOperator {
  /// `B`
  package let imaging: any LinearOperator
  package let binning: MapBinning
  /// `e`
  package let element: Int
  package let elementCount: Int
  /// `s`: counts of a pixel where `B xₑ` is 1.
  package let scale: Float
  package let workers: Workers
  private let scratch: ScratchPool

  package init(
    _ imaging: any LinearOperator, _ binning: MapBinning, element: Int, of elementCount: Int,
    scale: Float, workers: Workers = .all
  ) {
    precondition(imaging.rangeCount == binning.fine.count, "the binning does not fit the image")
    (self.imaging, self.binning, self.scale, self.workers) = (imaging, binning, scale, workers)
    (self.element, self.elementCount) = (element, elementCount)
    scratch = ScratchPool(length: max(imaging.domainCount, imaging.rangeCount))
  }

  package var domainCount: Int { elementCount * imaging.domainCount }
  package var rangeCount: Int { binning.coarse.count }
  private var own: Range<Int> {
    element * imaging.domainCount..<(element + 1) * imaging.domainCount
  }
  /// Whether the map is the concentration times `s`.
  private var isPlain: Bool { imaging is PlainView && binning.factor == 1 }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    let seen = x.extracting(own)
    if isPlain { return multiply(seen, into: y) }
    scratch.withScratch { image in
      var pixels = image.mutableSpan
      imaging.apply(seen, into: pixels._mutatingExtracting(0..<imaging.rangeCount))
      binning.mean(image.span, into: &y, times: scale)
    }
  }

  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    var x = x
    for i in 0..<own.lowerBound { unsafe x[unchecked: i] = 0 }
    for i in own.upperBound..<x.count { unsafe x[unchecked: i] = 0 }
    pullBack(y, into: x._mutatingExtracting(own))
  }

  package func stepAlongAdjoint(
    _ y: Span<Float>, from x: consuming MutableSpan<Float>, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    precondition(steps.values.count == 1, "a map steps alike everywhere")
    var x = x
    if isPlain {
      move(x._mutatingExtracting(own), along: y, by: steps[0] * scale, bounds)
    } else {
      scratch.withScratch { pulled in
        var values = pulled.mutableSpan
        pullBack(y, into: values._mutatingExtracting(0..<imaging.domainCount))
        move(x._mutatingExtracting(own), along: pulled.span, by: steps[0], bounds)
      }
    }
    guard bounds.lowerBound > -.infinity || bounds.upperBound < .infinity else { return }
    for others in [0..<own.lowerBound, own.upperBound..<x.count] {
      workers.forEachChunk(of: x._mutatingExtracting(others)) { _, values in
        for i in values.indices { unsafe values[unchecked: i] = bounds.clip(values[unchecked: i]) }
      }
    }
  }

  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let sums = imaging.sumsOrNorm()
    let pixels = Float(binning.factor * binning.factor)
    return (
      RunFactors(uniform: scale * sums.rows.largest),
      RunFactors(uniform: scale / pixels * sums.columns.largest)
    )
  }

  /// `s · Bᵀ spread(y)`
  private func pullBack(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    if isPlain { return multiply(y, into: x) }
    var x = x
    scratch.withScratch { spread in
      var pixels = spread.mutableSpan
      var image = pixels._mutatingExtracting(0..<imaging.rangeCount)
      binning.spread(y, into: &image, times: scale)
      imaging.applyAdjoint(
        spread.span.extracting(0..<imaging.rangeCount), into: x._mutatingExtracting(0..<x.count))
    }
  }

  private func multiply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    workers.forEachChunk(of: y) { first, values in
      for i in values.indices {
        unsafe values[unchecked: i] = scale * x[unchecked: first &+ i]
      }
    }
  }

  /// `x ← clip(x − τ y)`
  private func move(
    _ x: consuming MutableSpan<Float>, along y: Span<Float>, by τ: Float,
    _ bounds: ClosedRange<Float>
  ) {
    workers.forEachChunk(of: x) { first, values in
      for i in values.indices {
        unsafe values[unchecked: i] = bounds.clip(
          values[unchecked: i] - τ * y[unchecked: first &+ i])
      }
    }
  }
}

extension ClosedRange<Float> {
  @inline(__always)
  fileprivate func clip(_ value: Float) -> Float {
    value < lowerBound ? lowerBound : value > upperBound ? upperBound : value
  }
}

/// The identity, for an image that is seen as it is.
package struct PlainView: LinearOperator, BoundedModel {
  package let domainCount: Int
  package var rangeCount: Int { domainCount }

  package init(_ count: Int) { domainCount = count }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    y.copy(0..<domainCount, of: x, to: 0)
  }
  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    var x = x
    x.copy(0..<domainCount, of: y, to: 0)
  }
  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    (RunFactors(uniform: 1), RunFactors(uniform: 1))
  }
}
