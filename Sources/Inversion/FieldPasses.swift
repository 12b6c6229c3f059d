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
    precondition(x.count == y.count, "fields differ in length")
    let source = y.span
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

  /// `x ← clip(S(x, T μ))`, with `S(x, t) = sign(x) max(|x| − t, 0)`.
  func shrink(
    _ x: inout FloatStorage, by weight: Float, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
    let blocks = blocks(x.count)
    forEachPart(of: x.mutableSpan, blocks) { block, values in
      var values = values
      let first = blocks[block].lowerBound
      steps.forEachPiece(of: blocks[block]) { piece, step in
        let t = step * weight
        for i in piece {
          let v = unsafe values[unchecked: i &- first]
          let shrunk = v > t ? v - t : v < -t ? v + t : 0
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
    let (x, y) = (x.span, y.span)
    let parts = pairSums(x, y) {
      ($0 - $1) * ($0 - $1)
    } second: { x, _ in
      x * x
    }
    return (parts.0, parts.1)
  }

  /// `Σ |x|`
  func absoluteSum(_ x: Span<Float>) -> Double {
    pairSums(x, x) { x, _ in
      abs(x)
    } second: { _, _ in
      0
    }.0
  }

  /// `⟨x, y⟩`
  func inner(_ x: borrowing FloatStorage, _ y: borrowing FloatStorage) -> Double {
    let (x, y) = (x.span, y.span)
    return pairSums(x, y) {
      $0 * $1
    } second: { _, _ in
      0
    }.0
  }

  /// `Σ a(x, y)` and `Σ b(x, y)`: each of eight lanes sums a stretch in `Float`, stretches add up
  /// in `Double`.
  @inline(__always)
  private func pairSums(
    _ x: Span<Float>, _ y: Span<Float>, first a: @Sendable (Float, Float) -> Float,
    second b: @Sendable (Float, Float) -> Float
  ) -> (Double, Double) {
    precondition(x.count == y.count, "fields differ in length")
    let blocks = blocks(x.count)
    let parts = results(blocks.count) { block in
      var (sumA, sumB) = (0.0, 0.0)
      for start in stride(from: blocks[block].lowerBound, to: blocks[block].upperBound, by: 128) {
        let end = min(start + 128, blocks[block].upperBound)
        var lanesA = InlineArray<8, Float>(repeating: 0)
        var lanesB = InlineArray<8, Float>(repeating: 0)
        var i = start
        while i + 8 <= end {
          for l in 0..<8 {
            let (u, v) = unsafe (x[unchecked: i &+ l], y[unchecked: i &+ l])
            unsafe lanesA[unchecked: l] += a(u, v)
            unsafe lanesB[unchecked: l] += b(u, v)
          }
          i += 8
        }
        for l in 0..<8 {
          sumA += Double(lanesA[l])
          sumB += Double(lanesB[l])
        }
        while i < end {
          sumA += Double(a(x[i], y[i]))
          sumB += Double(b(x[i], y[i]))
          i += 1
        }
      }
      return (sumA, sumB)
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }
}
