import Operators
import Fields
import Inversion
import RealModule
import Transforms

extension FusionProblem {
  /// Iterations of the power model with the same slopes.
  private static let refreshing = 25

  /// Minimises over unknowns `z` with `x = M z` of ``Whitening``.
  func solveMixed(
    _ μ: Double, _ method: inout PrimalDual, _ x: inout FloatStorage,
    _ duals: inout [FloatStorage], _ anchor: FloatStorage?,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SolverReport {
    (method.balance, method.penaltyShare) = pace.mixed
    // Most of ‖z‖ is the mixture that HAADF sees, which settles long before the elements do.
    method.tolerance *= 0.03
    let whitening = whitening
    var z = whitening.unknowns(x)
    let limit = method.iterationLimit
    var report = SolverReport()
    while true {
      if model == .power {
        method.iterationLimit = min(Self.refreshing, limit - report.iterations)
      }
      let part = try method.minimise(
        try mixedObjective(μ, whitening, at: x, anchor), from: &z, duals: &duals
      ) { _ in !isCancelled() }
      report.append(part)
      x = whitening.concentrations(z)
      var values = x.mutableSpan
      for i in values.indices { values[i] = max(values[i], 0) }
      if part.stop != .iterationLimit || report.iterations >= limit { return report }
    }
  }

  /// `aₑ`: the slope of HAADF where the concentration is 1, in units of its noise.
  private var slopes: [Double] {
    let γ = power
    return (calibration?.coefficients ?? []).map { γ * $0 / sigma }
  }

  var whitening: Whitening {
    Whitening(
      curvatures: data.maps.indices.map { e in
        let map = data.maps[e]
        return mapWeight * map.curvature(at: map.typicalSignal / scales[e], scale: scales[e])
          / Double(map.binning.factor * map.binning.factor / map.pixelCount)
      }, slopes: slopes)
  }

  private func mixedObjective(
    _ μ: Double, _ whitening: Whitening, at x: borrowing FloatStorage, _ anchor: FloatStorage?
  ) throws -> Objective {
    let calibration = calibration ?? Calibration(coefficients: [], offset: 0)
    var target = haadf(over: calibration.offset)
    var terms: [DataFidelity] = []
    switch model {
    case .linear:
      let coefficients = data.maps.indices.map { j in
        zip(calibration.coefficients, whitening.rows).reduce(Float(0)) {
          $0 + Float($1.0) * $1.1[j]
        }
      }
      terms.append(
        try haadfFidelity(
          MixedImage(data.haadf.imaging, coefficients: coefficients, workers: data.workers),
          to: target))
    case .power:
      let image = LinearisedImage(
        data.haadf.imaging, at: x, coefficients: calibration.coefficients, exponent: exponent,
        rows: whitening.rows, workers: data.workers)
      var values = target.mutableSpan
      let constant = image.constant.span
      for i in values.indices { values[i] -= constant[i] }
      terms.append(try haadfFidelity(image, to: target))
    }
    for e in data.maps.indices {
      let row = whitening.rows[e]
      terms.append(
        try mapFidelity(
          e, through: MixedImage(ownView(e), coefficients: row, workers: data.workers)))
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      terms.append(
        try DataFidelity(
          NonNegativity(),
          of: MixedImage(
            PlainView(data.voxelCount), coefficients: row.map { $0 / length },
            workers: data.workers), to: FloatStorage(zeros: data.voxelCount),
          data.gradient.shape))
    }
    return Objective(
      terms, regulariser: try mixedVariation(μ, whitening, anchor), pointwise: .free)
  }

  func mixedVariation(
    _ μ: Double, _ whitening: Whitening, _ anchor: FloatStorage?
  ) throws -> VariationOfMixtures {
    var mixtures = zip(whitening.rows, variationShares).map { ($0, Float(μ * $1)) }
    if mixtureShare > 0, slopes.contains(where: { $0 > 0 }) {
      let row = data.maps.indices.map { j in
        zip(slopes, whitening.rows).reduce(Float(0)) { $0 + Float($1.0) * $1.1[j] }
      }
      mixtures.append((row, Float(mixtureShare)))
    }
    return try VariationOfMixtures(
      mixtures.map { (row: $0.0, weight: $0.1) }, data.gradient, anchor: anchor)
  }
}
