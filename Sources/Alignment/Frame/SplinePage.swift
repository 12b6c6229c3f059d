package import Fields
import RealModule

/// A page as a cubic B-spline, of which placed copies are made.
///
///     p(r) = Σ_k c_k β³(r − k),   with c so that p takes the value of every pixel at its centre
///
/// The spline is continued beyond the outermost pixels as in a mirror; a placed pixel that falls outside the raw page
/// takes the value at the nearest place of its border. Cost: O(pixels).
///
/// - Reference: M. Unser, A. Aldroubi and M. Eden, IEEE Trans. Signal Process. 41, 834 (1993).
package struct SplinePage: Sendable {
  package let rowCount: Int
  package let columnCount: Int
  /// Where the centre of the full page lies, in pixels of this one.
  private let middle: (row: Double, column: Double)
  private let coefficients: [Float]

  package init(_ page: Image) { self.init(page, offCentre: (0, 0)) }

  /// - Parameter offCentre: what is added to the centre of `page` to reach that of the page it was binned from.
  package init(_ page: Image, offCentre: (row: Double, column: Double)) {
    (rowCount, columnCount) = (page.rowCount, page.columnCount)
    middle = (
      Double(rowCount - 1) / 2 + offCentre.row, Double(columnCount - 1) / 2 + offCentre.column
    )
    var values = page.pixels
    var span = values.mutableSpan
    for row in 0..<rowCount {
      Self.filter(&span, start: row * columnCount, count: columnCount, step: 1, lines: 1)
    }
    Self.filter(&span, start: 0, count: rowCount, step: columnCount, lines: columnCount)
    coefficients = values
  }

  /// Whether all coefficients are the same.
  var isPlain: Bool {
    coefficients.allSatisfy { abs($0 - coefficients[0]) <= 1e-6 * abs(coefficients[0]) }
  }

  /// The page at `placement`, of the same size, and the part of its pixels that lie within the raw page.
  package func placed(_ placement: Placement) -> PlacedPage {
    let values = coefficients.span
    return PlacedPixels(
      rowCount: rowCount, columnCount: columnCount, middle: middle, placement
    ).gathered { value(values, row: $0, column: $1) }
  }

  private func value(_ values: Span<Float>, row: Double, column: Double) -> Float {
    let (i, j) = (Int(row), Int(column))
    let (down, across) = (
      Self.weights(Float(row - Double(i))), Self.weights(Float(column - Double(j)))
    )
    if i >= 1, j >= 1, i + 2 < rowCount, j + 2 < columnCount {
      var sum: Float = 0
      var start = (i - 1) * columnCount + j - 1
      for k in 0..<4 {
        let line =
          across[0] * values[start] + across[1] * values[start + 1]
          + across[2] * values[start + 2] + across[3] * values[start + 3]
        sum += down[k] * line
        start += columnCount
      }
      return sum
    }
    var sum: Float = 0
    for k in 0..<4 {
      let start = Self.mirrored(i + k - 1, rowCount) * columnCount
      for l in 0..<4 {
        sum += down[k] * across[l] * values[start + Self.mirrored(j + l - 1, columnCount)]
      }
    }
    return sum
  }

  /// β³ at the four knots about a place that is `t` beyond the second.
  @inline(__always)
  private static func weights(_ t: Float) -> SIMD4<Float> {
    let (s, t2) = (1 - t, t * t)
    let (first, last) = (s * s * s / 6, t2 * t / 6)
    let second: Float = 2 / 3 as Float - t2 + t2 * t / 2
    return SIMD4(first, second, 1 - first - second - last, last)
  }

  private static func mirrored(_ i: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let inside = i < 0 ? -i : i
    return inside < count ? inside : max(0, 2 * (count - 1) - inside)
  }

  /// Turns values into coefficients along one direction, for `lines` adjacent lines at once:
  ///
  ///     c⁺_k = 6 p_k + z c⁺_{k−1},   c_k = z (c_{k+1} − c⁺_k),   z = √3 − 2
  private static func filter(
    _ values: inout MutableSpan<Float>, start: Int, count: Int, step: Int, lines: Int
  ) {
    guard count > 1 else { return }
    let z = Float(3).squareRoot() - 2
    let reach = min(16, count)
    for line in 0..<lines {
      // c⁺₀ = 6 Σ_k zᵏ p_k, the past being the mirror of what comes; zᵏ is below 10⁻⁹ from the 16th on.
      var (sum, power): (Float, Float) = (0, 1)
      for k in 0..<reach {
        sum += power * values[start + line + k * step]
        power *= z
      }
      values[start + line] = 6 * sum
    }
    for k in 1..<count {
      let here = start + k * step
      for line in 0..<lines {
        values[here + line] = 6 * values[here + line] + z * values[here + line - step]
      }
    }
    let last = start + (count - 1) * step
    let end = z / (z * z - 1)
    for line in 0..<lines {
      values[last + line] = end * (values[last + line] + z * values[last + line - step])
    }
    for k in stride(from: count - 2, through: 0, by: -1) {
      let here = start + k * step
      for line in 0..<lines {
        values[here + line] = z * (values[here + line + step] - values[here + line])
      }
    }
  }
}
