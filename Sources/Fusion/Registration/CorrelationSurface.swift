import Fields
import Transforms

/// A picture and its spectrum, ready to be correlated.
struct Spectrum: Sendable {
  /// Complex, `[row][column]`.
  fileprivate let values: FloatStorage

  init(_ picture: borrowing FloatStorage, _ transform: PlaneTransform) {
    var plane = FloatStorage(zeros: 2 * picture.count)
    var span = plane.mutableSpan
    let pixels = picture.span
    for i in pixels.indices { span[2 * i] = pixels[i] }
    transform.forward(&span)
    values = plane
  }
}

/// `c(d) = Σ_r a(r) b(r − d)`, wrapped round, for every shift `d` of whole pixels, and between them.
struct CorrelationSurface: Sendable {
  private let values: FloatStorage
  private let rows: Int
  private let columns: Int

  /// `F⁻¹[A conj(B)]`
  init(_ a: Spectrum, _ b: Spectrum, _ transform: PlaneTransform) {
    var plane = FloatStorage(zeros: a.values.count)
    var product = plane.mutableSpan
    let (u, v) = (a.values.span, b.values.span)
    for i in stride(from: 0, to: u.count, by: 2) {
      product[i] = u[i] * v[i] + u[i + 1] * v[i + 1]
      product[i + 1] = u[i + 1] * v[i] - u[i] * v[i + 1]
    }
    transform.inverse(&product)
    (rows, columns) = (transform.rows, transform.columns)
    var real = FloatStorage(zeros: u.count / 2)
    var target = real.mutableSpan
    let scale = 1 / Float(rows * columns)
    for i in target.indices { target[i] = scale * product[2 * i] }
    values = real
  }

  /// The polynomial of degree 5 through the six nearest values along each direction.
  func value(at d: SIMD2<Double>) -> Double {
    let (x, y) = (d.x.rounded(.down), d.y.rounded(.down))
    let (across, down) = (Self.weights(d.x - x), Self.weights(d.y - y))
    let pixels = values.span
    var sum = 0.0
    for i in 0..<6 {
      let row = Self.wrapped(Int(y) + i - 2, rows) * columns
      for j in 0..<6 {
        sum += down[i] * across[j] * Double(pixels[row + Self.wrapped(Int(x) + j - 2, columns)])
      }
    }
    return sum
  }

  private static func wrapped(_ i: Int, _ count: Int) -> Int { (i % count + count) % count }

  /// Lagrange's, for the places −2 … 3.
  private static func weights(_ f: Double) -> InlineArray<6, Double> {
    var weights = InlineArray<6, Double>(repeating: 1)
    for i in 0..<6 {
      for j in 0..<6 where j != i {
        weights[i] *= (f - Double(j - 2)) / Double(i - j)
      }
    }
    return weights
  }
}
