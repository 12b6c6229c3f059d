import Fields
import Operators

/// Pictures of which each is multiplied with a factor: `u = D A x`.
struct YieldedView: LinearOperator, BoundedModel {
  /// `A`
  let imaging: any LinearOperator
  /// `D`, one a page.
  private let factors: RunFactors
  private let scratch: ScratchPool

  init(_ imaging: any LinearOperator, _ yields: [Double], _ shape: SlabShape) {
    precondition(imaging.rangeCount == shape.count, "yields belong to other pictures")
    self.imaging = imaging
    factors = RunFactors(perPage: yields.map { Float($0) }, shape)
    scratch = ScratchPool(length: shape.count)
  }

  var domainCount: Int { imaging.domainCount }
  var rangeCount: Int { imaging.rangeCount }

  func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    imaging.apply(x, into: y._mutatingExtracting(0..<y.count))
    factors.forEachPiece(of: 0..<y.count) { piece, factor in
      for i in piece { unsafe y[unchecked: i] *= factor }
    }
  }

  func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    var x = x
    scratch.withScratch { weighted in
      var values = weighted.mutableSpan
      factors.forEachPiece(of: 0..<y.count) { piece, factor in
        for i in piece { unsafe values[unchecked: i] = factor * y[unchecked: i] }
      }
      imaging.applyAdjoint(weighted.span, into: x._mutatingExtracting(0..<x.count))
    }
  }

  func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let sums = imaging.sumsOrNorm()
    return (
      RunFactors(uniform: factors.largest * sums.rows.largest),
      RunFactors(uniform: factors.largest * sums.columns.largest)
    )
  }
}

extension ElementMap {
  /// The same map, its pages multiplied with yields where they are used.
  func yielding(_ yields: TiltYields) -> ElementMap {
    ElementMap(
      element, measurement,
      through: yields.isUsed ? YieldedView(imaging, yields.values, binning.fine) : imaging, binning,
      noise: noise, scale: scale, shift: shift, yields: yields)
  }
}
