import RealModule

/// Gain and offset of an image from levels of brightness, and how far to trust the coefficients.
struct LevelCalibration {
  /// `cₑ` and, last, `o`.
  let values: [Double]
  /// Of `cₑ`: the inverse of the normal equations; empty where elements share one gain.
  let covariance: [[Double]]

  /// Of `cₑ`; infinite where noise leaves nothing of what determines it.
  func error(_ e: Int) -> Double {
    covariance[e][e] > 0 ? covariance[e][e].squareRoot() : .infinity
  }
}

extension FusionProblem {
  /// What a model may be wrong by, as part of a level's signal.
  private static let modelError = 0.01

  /// `cₑ ≥ 0` and `o` by weighted least squares of
  ///
  ///     b̄ₖ = o + Σ cₑ ūₑₖ
  ///
  /// with weights `1 / (σ² / nₖ + Σ cₑ² vₑₖ + (0.01 b̄ₖ)²)`, and the noise `vₑₖ` of the counts taken off the squares of `ūₑₖ`.
  ///
  /// Where the counts of the darkest level are within two standard errors of none, it is taken to hold nothing: HAADF
  /// knows its brightness far better than counts do.
  ///
  /// - Reference: W. Fuller, Measurement Error Models (Wiley 1987), sections 1.4 and 2.2.
  func calibrated(
    _ levels: [BrightnessLevel], isTied: Bool, gain: Double?, offset: Double?
  ) -> LevelCalibration {
    let free = leastSquares(levels, isTied: isTied, gain: gain, offset: offset)
    guard offset == nil, let dark = levels.min(by: { $0.brightness < $1.brightness }) else {
      return free
    }
    let c = free.values.dropLast()
    let noise = zip(c, dark.variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }.squareRoot()
    let seen = zip(c, dark.signals).reduce(0) { $0 + $1.0 * $1.1 }
    guard seen < 2 * noise || free.values[c.count] > dark.brightness else { return free }
    return leastSquares(levels, isTied: isTied, gain: gain, offset: dark.brightness)
  }

  private func leastSquares(
    _ levels: [BrightnessLevel], isTied: Bool, gain: Double?, offset: Double?
  ) -> LevelCalibration {
    let elements = data.maps.indices
    let shares = isTied ? [weights] : elements.map { e in elements.map { $0 == e ? 1.0 : 0 } }
    let n = shares.count
    let fixed = [isTied ? gain : nil] + [Double?](repeating: nil, count: n - 1) + [offset]
    var found = [Double](repeating: 0, count: n + 1)
    var rows: [[Double]] = []
    for _ in 0..<4 {
      rows = [[Double]](repeating: [Double](repeating: 0, count: n + 2), count: n + 1)
      for level in levels {
        let means = shares.map { zip($0, level.signals).reduce(0) { $0 + $1.0 * $1.1 } } + [1]
        let noise = shares.map { zip($0, level.variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } }
        let model = Self.modelError * (level.brightness - found[n])
        let variance = (0..<n).reduce(sigma * sigma / level.pixels + model * model) {
          $0 + found[$1] * found[$1] * noise[$1]
        }
        for i in 0...n {
          for j in 0...n { rows[i][j] += means[i] * means[j] / variance }
          rows[i][n + 1] += means[i] * level.brightness / variance
          if i < n { rows[i][i] -= min(noise[i], 0.5 * means[i] * means[i]) / variance }
        }
      }
      found = nonNegativeSolution(rows, fixed: fixed)
    }
    return LevelCalibration(
      values: (isTied ? weights.map { $0 * found[0] } : Array(found.dropLast())) + [found[n]],
      covariance: isTied
        ? []
        : inverse(
          rows.prefix(offset == nil ? n + 1 : n).map { Array($0.prefix(offset == nil ? n + 1 : n)) }
        ))
  }

  /// Coefficients that counts leave open, those less than two standard errors, come as near to `Z^γ` of a count as two
  /// standard errors allow: nothing could make up for an element that HAADF shows and the model does not. `nil` where
  /// counts tell of no element.
  func completed(_ found: LevelCalibration) -> Calibration? {
    var c = Array(found.values.dropLast())
    let offset = found.values[c.count]
    guard !found.covariance.isEmpty else {
      return c.contains { $0 > 0 } ? Calibration(coefficients: c, offset: offset) : nil
    }
    let trust = c.indices.map { c[$0] / max(found.error($0), .leastNormalMagnitude) }
    guard let best = trust.indices.max(by: { trust[$0] < trust[$1] }), trust[best] > 3 else {
      return nil
    }
    for e in c.indices where e != best && trust[e] < 2 {
      let expected = c[best] * weightsOfCounts[e] / weightsOfCounts[best]
      c[e] = max(c[e], min(expected, c[e] + 2 * found.error(e)))
    }
    return Calibration(coefficients: c, offset: offset)
  }

  /// `Z^γ` of a count, with the gain at which all counts together make up for HAADF above its darkest level.
  func expected(_ levels: [BrightnessLevel], gain: Double?, offset: Double?) -> Calibration {
    let dark = offset ?? levels.reduce(.infinity) { min($0, $1.brightness) }
    let shares = gain == nil && !data.isTied ? weightsOfCounts : weights
    var (haadf, counts) = (0.0, 0.0)
    for level in levels {
      haadf += level.pixels * (level.brightness - dark)
      counts += level.pixels * zip(shares, level.signals).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let found = gain ?? (counts > 0 ? max(haadf, 0) / counts : 0)
    return Calibration(coefficients: shares.map { $0 * found }, offset: dark)
  }

  /// `(Zₑ / Z_max)^γ s^γ`, of the linear model with `s`: as if a count stood for as much of any element.
  var weightsOfCounts: [Double] {
    zip(atomicShares, scales).map { $0 * Double.pow($1, power) }
  }

  /// Whether HAADF shows an element by a quarter of its noise a pixel, at the level that shows most of it: many pixels
  /// together tell what one does not.
  func isSeen(_ e: Int, _ levels: [BrightnessLevel], _ coefficient: Double) -> Bool {
    coefficient * levels.reduce(0) { max($0, $1.signals[e]) } >= 0.25 * sigma
  }
}
