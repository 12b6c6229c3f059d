extension MutableSpan<Float> {
  /// `self ← source`
  package mutating func copy(_ source: Span<Float>) {
    precondition(count == source.count, "fields differ in length")
    for i in source.indices { self[i] = source[i] }
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

extension Span<Float> {
  /// Elements `i ..< i + 8`.
  fileprivate func octet(at i: Int) -> SIMD8<Float> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
  }
}
