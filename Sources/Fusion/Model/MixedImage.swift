package import Fields
package import Operators

/// The HAADF signal of several elements: `u = A Σₑ cₑ xₑ`, with `A` a blur or a projector.
///
/// Unknowns are `[element][voxel]`. The elements are mixed first, so that `A` runs once.
package struct MixedImage: LinearOperator, BoundedModel {
  /// `A`
  package let imaging: any LinearOperator
  /// `cₑ`, in units of the HAADF signal.
  package let coefficients: [Float]
  package let workers: Workers
  private let scratch: ScratchPool

  package init(_ imaging: any LinearOperator, coefficients: [Float], workers: Workers = .all) {
    precondition(!coefficients.isEmpty, "there is at least one element")
    (self.imaging, self.coefficients, self.workers) = (imaging, coefficients, workers)
    scratch = ScratchPool(length: imaging.domainCount)
  }

  package var domainCount: Int { coefficients.count * imaging.domainCount }
  package var rangeCount: Int { imaging.rangeCount }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    scratch.withScratch { mixed in
      mix(x, into: &mixed)
      imaging.apply(mixed.span, into: y._mutatingExtracting(0..<y.count))
    }
  }

  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    var x = x
    let count = imaging.domainCount
    scratch.withScratch { pulled in
      imaging.applyAdjoint(y, into: pulled.mutableSpan)
      let source = pulled.span
      for (element, c) in coefficients.enumerated() {
        workers.forEachChunk(of: x._mutatingExtracting(element * count..<(element + 1) * count)) {
          first, values in
          for i in values.indices {
            unsafe values[unchecked: i] = c * source[unchecked: first &+ i]
          }
        }
      }
    }
  }

  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let sums = imaging.sumsOrNorm()
    let all = coefficients.reduce(0) { $0 + abs($1) }
    let most = coefficients.reduce(0) { max($0, abs($1)) }
    return (sums.rows.map { all * $0 }, RunFactors(uniform: most * sums.columns.largest))
  }

  private func mix(_ x: Span<Float>, into mixed: inout FloatStorage) {
    let count = imaging.domainCount
    workers.forEachChunk(of: mixed.mutableSpan) { first, values in
      for (element, c) in coefficients.enumerated() {
        let start = element * count + first
        for i in values.indices {
          let old = element == 0 ? 0 : unsafe values[unchecked: i]
          unsafe values[unchecked: i] = old + c * x[unchecked: start &+ i]
        }
      }
    }
  }
}

extension Workers {
  /// Calls `body` for pieces of fixed length of a field, with the index of each piece's first float.
  func forEachChunk(
    of field: consuming MutableSpan<Float>,
    _ body: @Sendable (_ first: Int, _ values: inout MutableSpan<Float>) -> Void
  ) {
    let length = 1 << 14
    let parts = stride(from: 0, to: field.count, by: length).map {
      $0..<min(field.count, $0 + length)
    }
    forEachPart(of: field, parts) { part, values in
      var values = values
      body(part * length, &values)
    }
  }
}
