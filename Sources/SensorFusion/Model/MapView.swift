import Fields
public import Operators

/// What a spectrometer sees of one element: `u = s · mean_k×k (B xₑ)`, in counts.
///
/// `B` is nothing, a blur or a projector; the mean is over the pixels of `B xₑ` that one pixel of the
/// map covers. Unknowns are `[element][voxel]`, of which only one element is looked at.
public struct MapView: LinearOperator {
  /// `B`
  public let imaging: any LinearOperator
  public let binning: Binning
  /// `e`
  public let element: Int
  public let elementCount: Int
  /// `s`: counts of a pixel where `B xₑ` is 1.
  public let scale: Float
  private let scratch: ScratchPool

  public init(
    _ imaging: any LinearOperator, _ binning: Binning, element: Int, of elementCount: Int,
    scale: Float
  ) {
    precondition(imaging.rangeCount == binning.fine.count, "the binning does not fit the image")
    (self.imaging, self.binning, self.scale) = (imaging, binning, scale)
    (self.element, self.elementCount) = (element, elementCount)
    scratch = ScratchPool(length: imaging.rangeCount)
  }

  public var domainCount: Int { elementCount * imaging.domainCount }
  public var rangeCount: Int { binning.coarse.count }

  public func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    let start = element * imaging.domainCount
    scratch.withScratch { seen in
      imaging.apply(x.extracting(start..<start + imaging.domainCount), into: seen.mutableSpan)
      binning.mean(seen.span, into: &y, times: scale)
    }
  }

  public func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    var x = x
    let count = imaging.domainCount
    for i in x.indices where i / count != element { unsafe x[unchecked: i] = 0 }
    scratch.withScratch { spread in
      var values = spread.mutableSpan
      binning.spread(y, into: &values, times: scale)
      imaging.applyAdjoint(
        spread.span, into: x._mutatingExtracting(element * count..<(element + 1) * count))
    }
  }
}

/// The identity, for an image that is seen as it is.
public struct PlainView: LinearOperator {
  public let domainCount: Int
  public var rangeCount: Int { domainCount }

  public init(_ count: Int) { domainCount = count }

  public func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    y.copy(0..<domainCount, of: x, to: 0)
  }
  public func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    var x = x
    x.copy(0..<domainCount, of: y, to: 0)
  }
}
