package import Fields
package import Operators
package import Transforms

/// `μ Σ |W x|` over the details of an orthogonal wavelet transform: few features at every scale.
///
/// The dual field is kept as a volume, `Wᵀ p`, so that it is as small as `x`.
package struct WaveletSparsity: ProximalRegulariser {
  /// `μ`
  package let weight: Float
  package let transform: SlabWavelet
  private let scratch: ScratchPool

  /// - Throws: ``InversionError/weight(_:)`` where `μ` is not positive.
  package init(_ weight: Float, _ transform: SlabWavelet) throws(InversionError) {
    guard weight > 0 && weight.isFinite else { throw .weight(weight) }
    (self.weight, self.transform) = (weight, transform)
    scratch = ScratchPool(length: transform.shape.count)
  }

  package func value(_ x: Span<Float>) -> Double {
    scratch.withScratch { coefficients in
      copy(x, into: &coefficients)
      transform.analyse(&coefficients)
      return Double(weight) * transform.detailSum(coefficients)
    }
  }

  package var dualCount: Int { transform.shape.count }
  /// `W` is orthogonal.
  package var operatorSums: (row: Float, column: Float) { (1, 1) }

  /// `p̂ = Wᵀ P W (p + σ x)`, with `P` the projection onto `|details| ≤ μ`, zero elsewhere.
  package func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step σ: Float, relaxation ρ: Float
  ) {
    let length = transform.shape.pageLength
    scratch.withScratch { moved in
      transform.workers.forEachSlab(of: moved.mutableSpan, length: length) {
        [p = dual.span] page, values in
        var values = values
        let first = page * length
        for i in values.indices {
          unsafe values[unchecked: i] = p[unchecked: first &+ i] + σ * x[unchecked: first &+ i]
        }
      }
      transform.analyse(&moved)
      transform.projectDetails(&moved, radius: weight)
      transform.synthesise(&moved)
      let target = moved.span
      transform.workers.forEachSlab(of: dual.mutableSpan, length: length) { page, values in
        var values = values
        let first = page * length
        for i in values.indices {
          let old = unsafe values[unchecked: i]
          unsafe values[unchecked: i] = old + ρ * (target[unchecked: first &+ i] - old)
        }
      }
    }
  }

  package func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    transform.workers.step(
      x, from: base, along: dual, steps: steps, offset: offset, transform.shape)
  }

  private func copy(_ x: Span<Float>, into field: inout FloatStorage) {
    transform.workers.forEachSlab(
      of: field.mutableSpan, length: transform.shape.pageLength
    ) { page, values in
      var values = values
      let first = page * transform.shape.pageLength
      values.copy(first..<first + values.count, of: x, to: 0)
    }
  }
}
