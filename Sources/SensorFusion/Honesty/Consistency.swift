import Operators
import Fields

/// How well a fit explains one measurement, over squares of 8 × 8 pixels.
///
///     z = Σ (y − m) / √(Σ var)
///
/// Noise alone gives a mean z² of 1; a model that is wrong over an area grows with the area.
public struct Consistency: Sendable, Codable, Hashable {
  /// The mean of z².
  public let blockChi2: Double
  /// The part of squares with |z| > 5 that depart by more than a tenth of what is predicted: less is what gains, blurs
  /// and smoothing leave of bright squares, though noise does not explain it.
  public let strangeShare: Double
  /// The mean of `(y − m)² / var` over pixels.
  public let pixelChi2: Double
  /// Rows and columns (first, end) around the strange squares of all pictures.
  public let strangeRows: [Int]
  public let strangeColumns: [Int]

  static let side = 8
  static let tolerance = 0.1
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
  ///   - zero: the prediction where nothing is.
  ///   - variance: of a pixel whose prediction is `m`.
  init(
    _ measurement: Span<Float>, _ prediction: Span<Float>, _ pictures: Pictures,
    zero: Double, variance: (Double) -> Double
  ) {
    var (sum, squares, strange, count) = (0.0, 0.0, 0, 0)
    var (rows, columns) = ([Int.max, 0], [Int.max, 0])
    let faint = Self.faintness * Self.typical(prediction, pictures, over: zero)
    for block in pictures.blocks(Self.side) {
      var (residual, spread, signal) = (0.0, 0.0, 0.0)
      pictures.forEachPixel(of: block) { i in
        let m = Double(prediction[i])
        let (r, v) = (Double(measurement[i]) - m, variance(m))
        residual += r
        signal += m - zero
        spread += v
        squares += r * r / max(v, 1e-12)
      }
      let z2 = residual * residual / max(spread, 1e-12)
      sum += min(z2, 1e6)
      count += 1
      let size = Double(block.rows.count * block.columns.count)
      if z2 > 25, abs(residual) > Self.tolerance * max(abs(signal), faint * size) {
        strange += 1
        rows = [min(rows[0], block.rows.lowerBound), max(rows[1], block.rows.upperBound)]
        columns = [
          min(columns[0], block.columns.lowerBound), max(columns[1], block.columns.upperBound),
        ]
      }
    }
    blockChi2 = sum / Double(max(count, 1))
    // One or two squares may be an edge.
    strangeShare = strange >= 3 ? Double(strange) / Double(max(count, 1)) : 0
    pixelChi2 = squares / Double(max(pictures.shape.valueCount, 1))
    (strangeRows, strangeColumns) = strange > 0 ? (rows, columns) : ([0, 0], [0, 0])
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
    return Consistency(map.measurement.span, seen.span, map.pictures, zero: 0) { m in
      if case .gaussian(let sigma) = map.noise { sigma * sigma } else { max(m, 0.02) }
    }
  }
}
