import Operators
import Fields

/// How well a fit explains one measurement, over squares of 8 × 8 pixels and larger ones.
///
///     z = Σ (y − m) / √(Σ var)
///
/// Noise alone gives a mean z² of 1; a model that is wrong over an area grows with the area.
public struct Consistency: Sendable, Codable, Hashable {
  /// The mean of z² over squares of 8 × 8 pixels: near 1 where noise explains the difference.
  public let blockChi2: Double
  /// The part of squares of 8 × 8 that lie in a square of 8, 16 or 32 pixels with |z| > 5 that departs by more than a
  /// tenth of what is predicted, 11 % in the larger ones: less is what gains, blurs and smoothing leave of bright squares, though noise does not
  /// explain it.
  package let strangeShare: Double
  /// The mean of `(y − m)² / var` over pixels.
  package let pixelChi2: Double
  /// Rows and columns (first, end) around the strange squares of all pictures.
  package let strangeRows: [Int]
  package let strangeColumns: [Int]

  static let side = 8
  static let tolerance = 0.1
  /// Of larger squares.
  static let wideTolerance = 0.11
  /// What is less than this part of the typical signal counts as that much.
  static let faintness = 0.3

  /// `Σ (m − zero)² / Σ |m − zero|`: the signal that most of it is met at.
  private static func typical(
    _ prediction: Span<Float>, _ pictures: Pictures, over zero: Double
  ) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for block in pictures.blocks(64) {
      pictures.forEachPixel(of: block) { i in
        let m = Double(prediction[i]) - zero
        sum += abs(m)
        squares += m * m
      }
    }
    return sum > 0 ? squares / sum : 0
  }

  /// - Parameters:
  ///   - bias: what is predicted over what is counted of pixels with a prediction like this, wherever they lie: what
  ///     smoothing does everywhere is not strange.
  ///   - zero: the prediction where nothing is.
  ///   - variance: of a pixel whose prediction is `m`.
  init(
    _ measurement: Span<Float>, _ prediction: Span<Float>, _ pictures: Pictures,
    zero: Double, bias: (Double) -> Double = { _ in 1 }, variance: (Double) -> Double
  ) {
    let faint = Self.faintness * Self.typical(prediction, pictures, over: zero)
    let (down, right) = (
      (pictures.rowCount + Self.side - 1) / Self.side,
      (pictures.columnCount + Self.side - 1) / Self.side
    )
    var squares: [Square] = []
    var pixelSum = 0.0
    for block in pictures.blocks(Self.side) {
      var square = Square()
      pictures.forEachPixel(of: block) { i in
        let m = Double(prediction[i])
        let (r, v) = (Double(measurement[i]) - m, variance(m))
        let expected = m / bias(m)
        square += Square(
          residual: Double(measurement[i]) - expected, variance: v, signal: expected - zero,
          pixels: 1,
          plain: r)
        pixelSum += r * r / max(v, 1e-12)
      }
      squares.append(square)
    }
    var (narrow, wide) = (Set<Int>(), Set<Int>())
    for picture in 0..<pictures.count {
      for side in [1, 2, 4] {
        for row in 0..<max(down - side + 1, 0) {
          for column in 0..<max(right - side + 1, 0) {
            let members = (0..<side * side).map {
              (picture * down + row + $0 / side) * right + column + $0 % side
            }
            let whole = members.reduce(into: Square()) { $0 += squares[$1] }
            if whole.isStrange(faint, side > 1 ? Self.wideTolerance : Self.tolerance) {
              if side > 1 { wide.formUnion(members) } else { narrow.formUnion(members) }
            }
          }
        }
      }
    }
    let count = Double(max(squares.count, 1))
    blockChi2 =
      squares.reduce(0) { $0 + min($1.plain * $1.plain / max($1.variance, 1e-12), 1e6) } / count
    // One or two squares may be an edge, and so may one large square.
    let strange = narrow.union(wide)
    let isArea = narrow.count >= 3 || wide.count >= 6
    strangeShare = isArea ? Double(strange.count) / count : 0
    pixelChi2 = pixelSum / Double(max(pictures.shape.valueCount, 1))
    let rows = strange.map { $0 / right % down * Self.side }
    let columns = strange.map { $0 % right * Self.side }
    strangeRows = [rows.min() ?? 0, rows.max().map { min($0 + Self.side, pictures.rowCount) } ?? 0]
    strangeColumns = [
      columns.min() ?? 0, columns.max().map { min($0 + Self.side, pictures.columnCount) } ?? 0,
    ]
  }
}

/// Sums over the pixels of a square.
private struct Square {
  var (residual, variance, signal, pixels) = (0.0, 0.0, 0.0, 0.0)
  /// With what is predicted as it is.
  var plain = 0.0

  init() {}
  init(residual: Double, variance: Double, signal: Double, pixels: Double, plain: Double) {
    (self.residual, self.variance, self.signal, self.pixels) = (residual, variance, signal, pixels)
    self.plain = plain
  }

  static func += (sum: inout Square, more: Square) {
    sum.residual += more.residual
    sum.variance += more.variance
    sum.signal += more.signal
    sum.pixels += more.pixels
    sum.plain += more.plain
  }

  var z2: Double { residual * residual / max(variance, 1e-12) }

  func isStrange(_ faint: Double, _ tolerance: Double) -> Bool {
    z2 > 25 && abs(residual) > tolerance * max(abs(signal), faint * pixels)
  }
}

extension FusionProblem {
  /// The residual `b_H − o − A Σ cₑ f(xₑ)` and what it tells.
  func haadfConsistency(
    _ x: borrowing FloatStorage, _ calibration: Calibration
  ) throws -> (Consistency, residual: FloatStorage) {
    var seen = try haadfSignal(x, calibration.coefficients)
    let offset = Float(calibration.offset)
    let pictures = data.haadf.pictures
    var values = seen.mutableSpan
    for block in pictures.blocks(64) { pictures.forEachPixel(of: block) { values[$0] += offset } }
    let variance = data.haadf.sigma * data.haadf.sigma
    let found = Consistency(
      data.haadf.measurement.span, seen.span, pictures, zero: calibration.offset
    ) { _ in variance }
    var residual = data.haadf.measurement
    var r = residual.mutableSpan
    let u = seen.span
    for i in r.indices { r[i] -= u[i] }
    return (found, residual)
  }

  func mapConsistency(_ x: borrowing FloatStorage, _ e: Int) -> Consistency {
    var seen = mapSignal(x, e)
    let map = data.maps[e]
    let background = map.backgrounds
    var values = seen.mutableSpan
    for i in values.indices { values[i] += background[i] }
    // The half of the counts from brighter pixels, and the other one.
    let classes = countClasses(x, e)
    let halves = [classes.dropLast(classes.count / 2), classes.suffix(classes.count / 2)].map {
      $0.reduce(into: CountClass()) { $0 += $1 }
    }
    let bias = { (m: Double) -> Double in
      let half = halves[m <= halves[0].most ? 0 : 1]
      return half.counted > 0 && half.predicted > 0 ? half.predicted / half.counted : 1
    }
    return Consistency(map.measurement.span, seen.span, map.pictures, zero: 0, bias: bias) { m in
      if case .gaussian(let sigma) = map.noise { sigma * sigma } else { max(m, 0.02) }
    }
  }
}
