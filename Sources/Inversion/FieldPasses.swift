import Fields
import Operators

/// The passes over whole fields of which solvers are made, in blocks of fixed length, so that no sum
/// depends on the number of workers.
extension Workers {
  private static var blockLength: Int { 1 << 16 }

  private func blocks(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: Self.blockLength).map {
      $0..<min(count, $0 + Self.blockLength)
    }
  }

  /// `x ← α x + β y`
  func combine(_ α: Float, _ x: inout FloatStorage, _ β: Float, _ y: borrowing FloatStorage) {
    combine(α, &x, β, y.span)
  }

  /// `x ← α x + β y`
  func combine(_ α: Float, _ x: inout FloatStorage, _ β: Float, _ source: Span<Float>) {
    precondition(x.count == source.count, "fields differ in length")
    let blocks = blocks(x.count)
    forEachPart(of: x.mutableSpan, blocks) { block, values in
      var values = values
      let first = blocks[block].lowerBound
      for i in values.indices {
        unsafe values[unchecked: i] =
          α * values[unchecked: i] + β * source[unchecked: first &+ i]
      }
    }
  }

  /// `x ← clip(x − T y)`
  func step(
    _ x: inout FloatStorage, along y: borrowing FloatStorage, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    precondition(x.count == y.count, "fields differ in length")
    let source = y.span
    let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
    let blocks = blocks(x.count)
    forEachPart(of: x.mutableSpan, blocks) { block, values in
      var values = values
      let first = blocks[block].lowerBound
      steps.forEachPiece(of: blocks[block]) { piece, step in
        for i in piece {
          let moved = unsafe values[unchecked: i &- first] - step * source[unchecked: i]
          unsafe values[unchecked: i &- first] =
            moved < lower ? lower : moved > upper ? upper : moved
        }
      }
    }
  }

  /// `x ← u − T (p + offset)`, with u the `base`; padding lanes become zero.
  func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float, _ shape: SlabShape
  ) {
    forEachSlab(of: x, length: shape.pageLength) { page, values in
      var values = values
      let first = page * shape.pageLength
      let lanes = shape.slices(of: page / shape.pageCount).count
      for run in stride(from: 0, to: shape.pageLength, by: shape.laneCount) {
        let step = steps[first + run]
        for i in run..<run + shape.laneCount {
          let direction = i - run < lanes ? dual[first + i] + offset : 0
          values[i] = base[first + i] - step * direction
        }
      }
    }
  }

  /// `x ← clip(S(x, T μ₁) / (1 + T μ₂))`, with `S(x, t) = sign(x) max(|x| − t, 0)`.
  func shrink(
    _ x: inout FloatStorage, by weights: Shrinkage, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
    let blocks = blocks(x.count)
    forEachPart(of: x.mutableSpan, blocks) { block, values in
      var values = values
      let first = blocks[block].lowerBound
      steps.forEachPiece(of: blocks[block]) { piece, step in
        let t = step * weights.sparsity
        let scale = 1 / (1 + step * weights.square)
        for i in piece {
          let v = unsafe values[unchecked: i &- first]
          let shrunk = scale * (v > t ? v - t : v < -t ? v + t : 0)
          unsafe values[unchecked: i &- first] =
            shrunk < lower ? lower : shrunk > upper ? upper : shrunk
        }
      }
    }
  }

  /// `‖x − y‖²` and `‖x‖²`
  func distance(_ x: borrowing FloatStorage, _ y: borrowing FloatStorage) -> (
    difference: Double, norm: Double
  ) {
    precondition(x.count == y.count, "fields differ in length")
    let (x, y) = (x.span, y.span)
    let blocks = blocks(x.count)
    let parts = results(blocks.count) { block in
      (
        laneSum(blocks[block]) { i in
          let difference = unsafe x[unchecked: i] - y[unchecked: i]
          return difference * difference
        }, laneSum(blocks[block]) { i in unsafe x[unchecked: i] * x[unchecked: i] }
      )
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }

  /// `Σ |x|`
  func absoluteSum(_ x: Span<Float>) -> Double {
    let blocks = blocks(x.count)
    return results(blocks.count) { block in
      laneSum(blocks[block]) { i in abs(unsafe x[unchecked: i]) }
    }.reduce(0, +)
  }

  /// `Σ x²`
  func squareSum(_ x: Span<Float>) -> Double {
    let blocks = blocks(x.count)
    return results(blocks.count) { block in
      laneSum(blocks[block]) { i in unsafe x[unchecked: i] * x[unchecked: i] }
    }.reduce(0, +)
  }

  /// `⟨x, y⟩`
  func inner(_ x: borrowing FloatStorage, _ y: borrowing FloatStorage) -> Double {
    precondition(x.count == y.count, "fields differ in length")
    let (x, y) = (x.span, y.span)
    let blocks = blocks(x.count)
    return results(blocks.count) { block in
      laneSum(blocks[block]) { i in unsafe x[unchecked: i] * y[unchecked: i] }
    }.reduce(0, +)
  }
}
