import Fields
import Operators
import TestSupport

/// A matrix of noise, `[row][column]`.
struct DenseOperator: LinearOperator {
  let rangeCount: Int
  let domainCount: Int
  let entries: FloatStorage

  init(rows: Int, columns: Int, seed: UInt64, offset: Float = 0) {
    (rangeCount, domainCount) = (rows, columns)
    let noise = noise(count: rows * columns, seed: seed)
    entries = FloatStorage((0..<rows * columns).map { noise.span[$0] + offset })
  }

  func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    for i in 0..<rangeCount {
      var sum = 0.0
      for j in 0..<domainCount { sum += Double(entries.span[i * domainCount + j]) * Double(x[j]) }
      y[i] = Float(sum)
    }
  }

  func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    for j in 0..<domainCount {
      var sum = 0.0
      for i in 0..<rangeCount { sum += Double(entries.span[i * domainCount + j]) * Double(y[i]) }
      x[j] = Float(sum)
    }
  }
}

/// A field without slices.
func flat(_ count: Int) -> SlabShape {
  SlabShape(sliceCount: 1, pageCount: 1, positionCount: count)
}

/// Noise between `low` and `high`.
func noise(count: Int, seed: UInt64, _ low: Float, _ high: Float) -> FloatStorage {
  let noise = noise(count: count, seed: seed)
  return FloatStorage((0..<count).map { low + (noise.span[$0] + 0.5) * (high - low) })
}
