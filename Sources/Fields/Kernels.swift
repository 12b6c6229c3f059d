extension MutableSpan<Float> {
  /// `self[start ..< start + n] ← source[range]`, with n the length of the range.
  package mutating func copy(_ range: Range<Int>, of source: Span<Float>, to start: Int) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= source.count, "range leaves the source")
    precondition(start >= 0 && start + range.count <= count, "range leaves the field")
    for i in 0..<range.count {
      unsafe self[unchecked: start &+ i] = source[unchecked: range.lowerBound &+ i]
    }
  }
}

/// `⟨x, y⟩`, accumulated in `Double` over eight independent lanes.
///
/// Swift never reorders a float sum, so the lanes are spelled out: they let the loop vectorise and
/// fix the order of summation on every machine.
package func dot(_ x: Span<Float>, _ y: Span<Float>) -> Double {
  precondition(x.count == y.count, "fields differ in length")
  let whole = x.count & ~7
  var lanes = SIMD8<Double>.zero
  for i in stride(from: 0, to: whole, by: 8) {
    lanes += SIMD8<Double>(x.octet(at: i)) * SIMD8<Double>(y.octet(at: i))
  }
  var sum = lanes.sum()
  for i in whole..<x.count { sum += Double(x[i]) * Double(y[i]) }
  return sum
}

/// `Σ term(i)`: each of eight lanes sums a stretch in `Float`, so that the loop vectorises; stretches
/// add up in `Double`.
@inlinable @inline(__always)
package func laneSum(_ range: Range<Int>, _ term: (Int) -> Float) -> Double {
  var sum = 0.0
  for start in stride(from: range.lowerBound, to: range.upperBound, by: 128) {
    let end = min(start + 128, range.upperBound)
    var lanes = InlineArray<8, Float>(repeating: 0)
    var i = start
    while i &+ 8 <= end {
      for l in 0..<8 { unsafe lanes[unchecked: l] += term(i &+ l) }
      i &+= 8
    }
    for l in 0..<8 { sum += Double(lanes[l]) }
    while i < end {
      sum += Double(term(i))
      i &+= 1
    }
  }
  return sum
}

extension Span<Float> {
  /// Elements `i ..< i + 8`.
  fileprivate func octet(at i: Int) -> SIMD8<Float> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
  }
}

extension FloatStorage {
  /// A copy of some of the values.
  package func part(_ range: Range<Int>) -> FloatStorage {
    var copy = FloatStorage(zeros: range.count)
    var values = copy.mutableSpan
    values.copy(range, of: span, to: 0)
    return copy
  }

  /// Overwrites the values from `start` on with some of `source`.
  package mutating func replace(
    from start: Int, with source: FloatStorage, _ range: Range<Int>
  ) {
    var values = mutableSpan
    values.copy(range, of: source.span, to: start)
  }
}
