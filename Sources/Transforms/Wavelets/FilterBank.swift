/// One level of a periodic orthogonal wavelet along the rows of a block, `[row][column]`.
struct FilterBank: Sendable {
  let low: [Float]
  let high: [Float]

  init(_ wavelet: Wavelet) {
    (low, high) = (wavelet.lowPass.map(Float.init), wavelet.highPass.map(Float.init))
  }

  /// `a(k) = Σ h(m) x(2k + m)` in the first half of the rows, `d(k) = Σ g(m) x(2k + m)` in the
  /// second; rows count modulo their number.
  func analyse(
    _ source: Span<Float>, rows: Int, columns: Int, into target: inout MutableSpan<Float>
  ) {
    precondition(source.count >= rows * columns && target.count >= rows * columns)
    for i in 0..<rows * columns { unsafe target[unchecked: i] = 0 }
    for k in 0..<rows / 2 {
      let (a, d) = (k * columns, (rows / 2 + k) * columns)
      for m in low.indices {
        let row = (2 * k + m) % rows * columns
        let (h, g) = (low[m], high[m])
        for c in 0..<columns {
          let x = unsafe source[unchecked: row &+ c]
          unsafe target[unchecked: a &+ c] += h * x
          unsafe target[unchecked: d &+ c] += g * x
        }
      }
    }
  }

  /// `x(2k + m) = Σ h(m) a(k) + g(m) d(k)`, the transpose and inverse of `analyse`.
  func synthesise(
    _ source: Span<Float>, rows: Int, columns: Int, into target: inout MutableSpan<Float>
  ) {
    precondition(source.count >= rows * columns && target.count >= rows * columns)
    for i in 0..<rows * columns { unsafe target[unchecked: i] = 0 }
    for k in 0..<rows / 2 {
      let (a, d) = (k * columns, (rows / 2 + k) * columns)
      for m in low.indices {
        let row = (2 * k + m) % rows * columns
        let (h, g) = (low[m], high[m])
        for c in 0..<columns {
          unsafe target[unchecked: row &+ c] +=
            h * source[unchecked: a &+ c] + g * source[unchecked: d &+ c]
        }
      }
    }
  }
}
