import Fields
package import Transforms

/// The spectrum of a picture, ready to be laid over others.
///
/// The normalised cross-correlation of two pictures a and b, whole and wrapped round, is
///
///     c(d) = Σ_r a(r + d) b(r) / √(Σ a² Σ b²) = F⁻¹[A conj(B)] / √(…)
///
/// so that its highest place d says how far a has moved against b.
package struct PictureSpectrum: Sendable {
  /// Complex, `[row][column]`.
  private let values: FloatStorage
  /// `Σ a²`
  package let energy: Double

  /// - Parameter picture: `[row][column]`, of the size of `transform`; its mean is best zero.
  package init(_ picture: [Float], _ transform: PlaneTransform) {
    precondition(picture.count == transform.rows * transform.columns, "the picture does not fit")
    var plane = FloatStorage(zeros: 2 * picture.count)
    var span = plane.mutableSpan
    var sum = 0.0
    for (i, value) in picture.enumerated() {
      span[2 * i] = value
      sum += Double(value) * Double(value)
    }
    transform.forward(&span)
    (values, energy) = (plane, sum)
  }

  /// How far this picture has moved against `other`, at most `reach` pixels either way.
  ///
  /// - Returns: A correlation of 0 where one of them is empty.
  package func shift(
    against other: PictureSpectrum, _ transform: PlaneTransform, reach: Int
  ) -> PictureShift {
    let scale = (energy * other.energy).squareRoot() * Double(transform.rows * transform.columns)
    guard scale > 0 else { return PictureShift(rows: 0, columns: 0, correlation: 0) }
    var product = FloatStorage(zeros: values.count)
    var span = product.mutableSpan
    let (a, b) = (values.span, other.values.span)
    for i in stride(from: 0, to: a.count, by: 2) {
      span[i] = a[i] * b[i] + a[i + 1] * b[i + 1]
      span[i + 1] = a[i + 1] * b[i] - a[i] * b[i + 1]
    }
    transform.inverse(&span)
    let peak = CorrelationPeak(
      rows: transform.rows, columns: transform.columns, reach: reach)
    return peak.find(span.span, scale: scale)
  }
}

/// Where two pictures agree best.
package struct PictureShift: Sendable, Hashable {
  /// In pixels, positive downwards and to the right.
  package let (rows, columns): (Double, Double)
  /// Between −1 and 1.
  package let correlation: Double

  package init(rows: Double, columns: Double, correlation: Double) {
    (self.rows, self.columns, self.correlation) = (rows, columns, correlation)
  }
}

/// The highest place of a correlation, between pixels.
///
/// A quadratic is fitted to the nine values about the highest pixel by least squares, and its top taken
/// where it lies within one pixel.
struct CorrelationPeak {
  let (rows, columns): (Int, Int)
  let reach: Int

  /// - Parameter field: complex, wrapped round; the real part counts.
  func find(_ field: Span<Float>, scale: Double) -> PictureShift {
    let (down, across) = (min(reach, (rows - 1) / 2), min(reach, (columns - 1) / 2))
    func value(_ row: Int, _ column: Int) -> Double {
      let (r, c) = ((row + rows) % rows, (column + columns) % columns)
      return Double(field[2 * (r * columns + c)])
    }
    var best = (row: 0, column: 0, value: -Double.infinity)
    for row in -down...down {
      for column in -across...across where value(row, column) > best.value {
        best = (row, column, value(row, column))
      }
    }
    guard rows >= 3, columns >= 3 else {
      return PictureShift(
        rows: Double(best.row), columns: Double(best.column), correlation: best.value / scale)
    }
    var (sum, x, y, xx, yy, xy, square) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for i in -1...1 {
      for j in -1...1 {
        let (v, u, w) = (value(best.row + i, best.column + j), Double(i), Double(j))
        sum += v
        (x, y, xy) = (x + w * v / 6, y + u * v / 6, xy + u * w * v / 4)
        (xx, yy, square) = (xx + w * w * v, yy + u * u * v, square + (u * u + w * w) * v)
      }
    }
    // c(u, w) = c0 + y u + x w + a u² + b w² + xy u w
    let (a, b) = (yy / 2 - sum / 3, xx / 2 - sum / 3)
    let c0 = (5 * sum - 3 * square) / 9
    let determinant = 4 * a * b - xy * xy
    var (u, w) = (0.0, 0.0)
    if a < 0, b < 0, determinant > 0 {
      u = min(1, max(-1, (xy * x - 2 * b * y) / determinant))
      w = min(1, max(-1, (xy * y - 2 * a * x) / determinant))
    }
    let top = c0 + y * u + x * w + a * u * u + b * w * w + xy * u * w
    return PictureShift(
      rows: Double(best.row) + u, columns: Double(best.column) + w,
      correlation: min(1, top / scale))
  }
}
