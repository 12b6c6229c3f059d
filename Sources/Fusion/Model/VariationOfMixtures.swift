package import Fields
package import Inversion
package import Operators
package import Transforms

/// `Σᵢ μᵢ (TV(mᵢ) − ⟨aᵢ, ∇mᵢ⟩)`, `mᵢ = Σⱼ Rᵢⱼ zⱼ`: few and sharp edges in every element, and in what HAADF sees.
///
/// Without anchors `aᵢ` it is total variation, which takes contrast from everything that it smooths. With the
/// subgradients of a first fit as anchors, jumps in the directions that this fit found cost nothing, however high:
/// the second fit has the same edges, and their full contrast.
///
/// Unknowns are `[unknown][voxel]`, duals `[mixture][voxel][component]`.
///
/// - Reference: E.-M. Brinkmann, M. Burger, J. Rasch and C. Sutour, J. Math. Imaging Vis. 59, 534 (2017).
package struct VariationOfMixtures: ProximalRegulariser {
  /// `Rᵢ` of length 1, and `μᵢ` times the length that was given.
  let mixtures: [(row: [Float], weight: Float)]
  /// Of one element.
  package let gradient: SlabGradient
  /// `μᵢ aᵢ`, as duals are.
  let anchor: FloatStorage?
  private let field: ScratchPool
  private let dualField: ScratchPool

  /// - Throws: `InversionError.weight` where one is not positive.
  package init(
    _ mixtures: [(row: [Float], weight: Float)], _ gradient: SlabGradient,
    anchor: FloatStorage? = nil
  ) throws(InversionError) {
    for mixture in mixtures where !(mixture.weight > 0 && mixture.weight.isFinite) {
      throw .weight(mixture.weight)
    }
    self.mixtures = mixtures.map { row, weight in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (row.map { $0 / length }, weight * length)
    }
    (self.gradient, self.anchor) = (gradient, anchor)
    field = ScratchPool(length: gradient.domainCount)
    dualField = ScratchPool(length: gradient.rangeCount)
  }

  /// Each unknown by itself.
  package init(
    each weights: [Float], _ gradient: SlabGradient, anchor: FloatStorage? = nil
  ) throws(InversionError) {
    let rows = weights.indices.map { e in weights.indices.map { $0 == e ? Float(1) : 0 } }
    try self.init(Array(zip(rows, weights)).map { ($0, $1) }, gradient, anchor: anchor)
  }

  package func value(_ z: Span<Float>) -> Double {
    mixtures.indices.reduce(0) { sum, i in
      withMixture(i, of: z) { m in
        sum + Double(mixtures[i].weight) * gradient.totalVariation(m) - pull(i, m)
      }
    }
  }

  /// `⟨aᵢ, ∇m⟩`
  private func pull(_ i: Int, _ m: Span<Float>) -> Double {
    guard let anchor else { return 0 }
    return field.withScratch { slope in
      gradient.applyAdjoint(anchor.span.extracting(duals(i)), into: slope.mutableSpan)
      let slope = slope.span
      return m.indices.reduce(0.0) { $0 + Double(m[$1]) * Double(slope[$1]) }
    }
  }

  package var dualCount: Int { mixtures.count * gradient.rangeCount }
  package var operatorSums: (row: Float, column: Float) {
    let rows = mixtures.map { $0.row.reduce(0) { $0 + abs($1) } }
    let columns = mixtures[0].row.indices.map { j in mixtures.reduce(0) { $0 + abs($1.row[j]) } }
    return (
      2 * (rows.max() ?? 1), 2 * Float(gradient.componentCount) * (columns.max() ?? 1)
    )
  }

  package func formDual(
    _ dual: inout FloatStorage, from z: Span<Float>, step: Float, relaxation: Float
  ) {
    for i in mixtures.indices {
      withMixture(i, of: z) { m in
        var all = dual.mutableSpan
        gradient.formDual(
          all._mutatingExtracting(duals(i)), from: m,
          pass: .ball(radius: mixtures[i].weight, step: step, relaxation: relaxation))
      }
    }
  }

  package func step(
    _ z: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    var z = z
    let count = gradient.domainCount
    if anchor == nil, mixtures.indices.allSatisfy({ single($0) == $0 }) {
      for i in mixtures.indices {
        gradient.step(
          z._mutatingExtracting(i * count..<(i + 1) * count),
          from: base.extracting(i * count..<(i + 1) * count), along: dual.extracting(duals(i)),
          steps: steps, offset: offset)
      }
      return
    }
    gradient.workers.forEachChunk(of: z._mutatingExtracting(0..<z.count)) { first, values in
      steps.forEachPiece(of: first..<first + values.count) { piece, τ in
        for i in piece { values[i - first] = base[i] - τ * offset }
      }
    }
    for i in mixtures.indices {
      field.withScratch { slope in
        withPull(i, dual) { gradient.applyAdjoint($0, into: slope.mutableSpan) }
        let slope = slope.span
        for (j, weight) in mixtures[i].row.enumerated() where weight != 0 {
          let part = z._mutatingExtracting(j * count..<(j + 1) * count)
          gradient.workers.forEachChunk(of: part) { first, values in
            let start = j * count + first
            steps.forEachPiece(of: start..<start + values.count) { piece, τ in
              for k in piece.lowerBound - start..<piece.upperBound - start {
                unsafe values[unchecked: k] -= τ * weight * slope[unchecked: first &+ k]
              }
            }
          }
        }
      }
    }
  }

  /// Calls `body` with `pᵢ − μᵢ aᵢ`.
  private func withPull(_ i: Int, _ dual: Span<Float>, _ body: (Span<Float>) -> Void) {
    guard let anchor else { return body(dual.extracting(duals(i))) }
    let start = duals(i).lowerBound
    dualField.withScratch { difference in
      let fixed = anchor.span
      gradient.workers.forEachChunk(of: difference.mutableSpan) { first, values in
        for k in values.indices {
          unsafe values[unchecked: k] =
            dual[unchecked: start &+ first &+ k] - fixed[unchecked: start &+ first &+ k]
        }
      }
      body(difference.span)
    }
  }

  /// The unknown that a mixture is, where it is one.
  private func single(_ i: Int) -> Int? {
    let row = mixtures[i].row
    guard let j = row.firstIndex(of: 1), row.count(where: { $0 != 0 }) == 1 else { return nil }
    return j
  }

  private func withMixture<Result>(
    _ i: Int, of z: Span<Float>, _ body: (Span<Float>) -> Result
  ) -> Result {
    let count = gradient.domainCount
    if let j = single(i) { return body(z.extracting(j * count..<(j + 1) * count)) }
    return field.withScratch { mixed in
      let row = mixtures[i].row
      gradient.workers.forEachChunk(of: mixed.mutableSpan) { first, values in
        for k in values.indices { unsafe values[unchecked: k] = 0 }
        for (j, weight) in row.enumerated() {
          for k in values.indices {
            unsafe values[unchecked: k] += weight * z[unchecked: j &* count &+ first &+ k]
          }
        }
      }
      return body(mixed.span)
    }
  }

  private func duals(_ i: Int) -> Range<Int> {
    i * gradient.rangeCount..<(i + 1) * gradient.rangeCount
  }
}
