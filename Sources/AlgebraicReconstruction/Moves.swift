import Fields

/// Two moves in succession, from `a` to `b` and on to `c`.
struct Moves {
  /// `‖c − b‖²`
  let second: Double
  /// `⟨b − a, c − b⟩`
  let product: Double

  /// Padding lanes are zero in all three, so they count for nothing.
  init(
    _ a: FloatStorage, _ b: FloatStorage, _ c: FloatStorage, shape: SlabShape, workers: Workers
  ) {
    precondition(a.count == b.count && b.count == c.count && c.count == shape.count)
    let pages = workers.results(shape.slabCount * shape.pageCount) { page in
      let range = page * shape.pageLength..<(page + 1) * shape.pageLength
      return Self.sums(a.span.extracting(range), b.span.extracting(range), c.span.extracting(range))
    }
    second = pages.reduce(0.0) { $0 + Double($1.second) }
    product = pages.reduce(0.0) { $0 + Double($1.product) }
  }

  /// One page, over eight independent lanes.
  private static func sums(
    _ a: Span<Float>, _ b: Span<Float>, _ c: Span<Float>
  ) -> (second: Float, product: Float) {
    precondition(a.count == b.count && b.count == c.count)
    var second = InlineArray<8, Float>(repeating: 0)
    var product = InlineArray<8, Float>(repeating: 0)
    let whole = a.count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
      for l in 0..<8 {
        let middle = unsafe b[unchecked: i &+ l]
        let (first, last) = unsafe (middle - a[unchecked: i &+ l], c[unchecked: i &+ l] - middle)
        unsafe second[unchecked: l] += last * last
        unsafe product[unchecked: l] += first * last
      }
    }
    for i in whole..<a.count {
      second[i - whole] += (c[i] - b[i]) * (c[i] - b[i])
      product[i - whole] += (b[i] - a[i]) * (c[i] - b[i])
    }
    return (
      second.indices.reduce(0) { $0 + second[$1] }, product.indices.reduce(0) { $0 + product[$1] }
    )
  }
}
