import Operators
import Fields
import RealModule

extension FusionProblem {
  /// `cₑ ≥ 0` and `o` that explain HAADF best through given concentrations, by least squares.
  ///
  /// Where concentrations share a unit, `cₑ = g wₑ` with one gain `g`; otherwise every element has a coefficient of its
  /// own, which takes up the scale of its map.
  ///
  /// - Parameters:
  ///   - gain: `g`, where it is given.
  ///   - offset: `o`, where it is given.
  func calibrated(
    _ x: borrowing FloatStorage, gain: Double?, offset: Double?
  ) throws -> Calibration {
    let elements = data.maps.indices
    let isTied = gain != nil || data.isTied
    let shares = isTied ? [weights] : elements.map { e in elements.map { $0 == e ? 1 : 0 } }
    var columns: [FloatStorage] = []
    for share in shares { columns.append(try haadfSignal(x, share)) }
    let y = data.haadf.measurement.span
    let count = Double(data.haadf.pictures.shape.valueCount)
    var rows = columns.map { z in
      columns.map { dot(z.span, $0.span) } + [sum(z.span), dot(z.span, y)]
    }
    rows.append(columns.map { sum($0.span) } + [count, sum(y)])
    return calibration(rows, isTied: isTied, gain: gain, offset: offset)
  }

  /// The solution of equations for one gain or each coefficient, and the offset.
  func calibration(
    _ rows: [[Double]], isTied: Bool, gain: Double?, offset: Double?
  ) -> Calibration {
    let free = [Double?](repeating: nil, count: rows.count - 2)
    let found = nonNegativeSolution(rows, fixed: [isTied ? gain : nil] + free + [offset])
    return Calibration(
      coefficients: isTied ? weights.map { $0 * found[0] } : Array(found.dropLast()),
      offset: found[rows.count - 1])
  }

  /// Gain and offset of tilt series corrected by what a fit tells, and `|log κ|` of the common gain, or the largest one.
  ///
  /// - Parameter seen: elements that HAADF sees.
  func corrected(
    _ before: Calibration, by x: borrowing FloatStorage, _ seen: [Int], isGainFree: Bool,
    isOffsetFree: Bool
  ) throws -> (Calibration, change: Double) {
    var found = before
    if isOffsetFree { found.offset += try meanResidual(x, found) }
    guard isGainFree else { return (found, 0) }
    let sizes = seen.map { Double.log(excess(x, $0)) }
    // The common gain follows the elements by what they add to HAADF.
    let weights = seen.map { found.coefficients[$0] * powerSum(x, $0) }
    let total = weights.reduce(0, +)
    let common = total > 0 ? zip(sizes, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
    for (e, size) in zip(seen, sizes) {
      found.coefficients[e] *= Double.exp(-power * (data.isTied ? common : size))
    }
    return (found, data.isTied ? abs(common) : sizes.map { abs($0) }.max() ?? 0)
  }

  /// `κ = Σ (b_E − b) / Σ s B x`, kept between a half and two.
  func excess(_ x: borrowing FloatStorage, _ e: Int) -> Double {
    let seen = mapSignal(x, e)
    let (predicted, counted) = (sum(seen.span), signal(e))
    guard predicted > 0, counted > 0 else { return 1 }
    return min(max(counted / predicted, 0.5), 2)
  }

  /// `Σ f(xₑ)`
  func powerSum(_ x: borrowing FloatStorage, _ e: Int) -> Double {
    let (values, γ) = (x.span, Float(exponent))
    return (e * data.voxelCount..<(e + 1) * data.voxelCount).reduce(0.0) { sum, i in
      sum + Double(model == .power ? quickPower(values[i], γ) : values[i])
    }
  }

  /// `Σ (b_E − b)`
  func signal(_ e: Int) -> Double {
    let map = data.maps[e]
    let measured = map.measurement
    let background = map.backgrounds
    let level =
      background.values.count == 1
      ? Double(background[0]) * Double(map.pictures.shape.valueCount) : sum(background.values.span)
    return sum(measured.span) - level
  }

  /// The mean of `b_H − o − A Σ cₑ f(xₑ)`.
  func meanResidual(_ x: borrowing FloatStorage, _ calibration: Calibration) throws -> Double {
    let seen = try haadfSignal(x, calibration.coefficients)
    let measured = data.haadf.measurement
    return (sum(measured.span) - sum(seen.span)) / Double(data.haadf.pictures.shape.valueCount)
      - calibration.offset
  }

  func sum(_ field: Span<Float>) -> Double {
    field.indices.reduce(0.0) { $0 + Double(field[$1]) }
  }

  /// What HAADF sees of a concentration of 1, up to one gain: the weight that is given, or `(Zₑ / Z_max)^γ`.
  var weights: [Double] { zip(data.maps, atomicShares).map { $0.element.weight ?? $1 } }

  /// `(Zₑ / Z_max)^γ`
  var atomicShares: [Double] {
    let numbers = data.maps.map { Double($0.element.atomicNumber) }
    let most = numbers.max() ?? 1
    return numbers.map { Double.pow($0 / most, exponent) }
  }
}
