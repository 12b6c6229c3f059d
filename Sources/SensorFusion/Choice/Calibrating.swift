import Operators
import Fields
import RealModule

extension FusionProblem {
  /// `cₑ ≥ 0` and `o` that explain HAADF best through given concentrations, by least squares.
  ///
  /// Where the scales of all maps are known, `cₑ = g (Zₑ / Z_max)^γ` with one gain `g`; otherwise every
  /// element has a coefficient of its own, which takes up the scale of its map.
  ///
  /// - Parameters:
  ///   - gain: `g`, where it is given.
  ///   - offset: `o`, where it is given.
  func calibrated(
    _ x: borrowing FloatStorage, gain: Double?, offset: Double?
  ) throws -> Calibration {
    if data.haadf.pictures.count == 1 {
      return try calibratedByCounts(x, gain: gain, offset: offset)
    }
    let shares = atomicShares
    let isTied = gain != nil || data.maps.allSatisfy { $0.scale != nil }
    if let gain, let offset {
      return Calibration(coefficients: shares.map { $0 * gain }, offset: offset)
    }
    let columns: [FloatStorage] =
      isTied
      ? [try haadfSignal(x, shares)]
      : try shares.indices.map { e in
        try haadfSignal(x, shares.indices.map { $0 == e ? 1 : 0 })
      }
    if let gain {
      let mean = means(columns[0])
      return Calibration(
        coefficients: shares.map { $0 * gain }, offset: mean.y - gain * mean.u)
    }
    let found = nonNegativeFit(columns, offset: offset)
    return Calibration(
      coefficients: isTied ? shares.map { $0 * found.c[0] } : found.c, offset: found.o)
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

  private func sum(_ field: Span<Float>) -> Double {
    field.indices.reduce(0.0) { $0 + Double(field[$1]) }
  }

  /// `(Zₑ / Z_max)^γ`
  var atomicShares: [Double] {
    let numbers = data.maps.map { Double($0.element.atomicNumber) }
    let most = numbers.max() ?? 1
    return numbers.map { Double.pow($0 / most, exponent) }
  }

  private func means(_ column: borrowing FloatStorage) -> (u: Double, y: Double) {
    let u = column.span
    let y = data.haadf.measurement.span
    let count = Double(data.haadf.pictures.shape.valueCount)
    return u.indices.reduce(into: (u: 0.0, y: 0.0)) {
      $0.u += Double(u[$1]) / count
      $0.y += Double(y[$1]) / count
    }
  }

  /// Coordinate descent on the normal equations; the offset is free.
  private func nonNegativeFit(
    _ columns: [FloatStorage], offset: Double?
  ) -> (c: [Double], o: Double) {
    let n = columns.count
    let count = Double(data.haadf.pictures.shape.valueCount)
    let y = data.haadf.measurement.span
    let sums = columns.map { means($0).u * count }
    let total = y.indices.reduce(0.0) { $0 + Double(y[$1]) }
    var gram = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    var right = [Double](repeating: 0, count: n)
    for i in 0..<n {
      let column = columns[i]
      right[i] = dot(column.span, y)
      for j in 0..<n {
        let other = columns[j]
        gram[i][j] = dot(column.span, other.span)
      }
    }
    var c = [Double](repeating: 0, count: n)
    var o = offset ?? 0
    for _ in 0..<2000 {
      for i in 0..<n where gram[i][i] > 0 {
        let rest = (0..<n).reduce(0.0) { $0 + ($1 == i ? 0 : gram[i][$1] * c[$1]) }
        c[i] = max(0, (right[i] - rest - o * sums[i]) / gram[i][i])
      }
      if offset == nil {
        o = (total - (0..<n).reduce(0.0) { $0 + c[$1] * sums[$1] }) / count
      }
    }
    return (c, o)
  }
}
