import Fields
import RealModule

extension FusionRun {
  /// Reads gain and offset from the denoised maps, and leaves out of HAADF what it cannot see.
  mutating func calibrate() throws {
    try chooseModel()
    var found = try problem.calibrated(denoised, gain: settings.gain, offset: settings.offset)
    for e in data.maps.indices {
      let one = data.maps.indices.map { $0 == e ? found.coefficients[e] : 0 }
      let signal = try problem.haadfSignal(denoised, one)
      let most = signal.span.indices.reduce(Float(0)) { max($0, signal.span[$1]) }
      if Double(most) < data.haadf.sigma {
        unseen.insert(e)
        found.coefficients[e] = 0
      }
    }
    problem.calibration = found
    if let lambda1 = settings.lambda1 { problem.mapWeight = lambda1 / balance }
    guard !problem.isMixed else {
      // The mixture has its own variation, so that each element keeps that of its map.
      problem.mixtureShare = Self.mixtureShare
      return
    }
    for e in data.maps.indices {
      // ν = √(∂²(HAADF and map)/∂x²).
      // Where HAADF has no more views than the map, edges are seen by both alike.
      let views = Double(max(0, data.haadf.pictures.count - data.maps[e].pictures.count))
      let information = views * haadfCurvature(found.coefficients[e])
      let own =
        problem.mapWeight * Double(data.maps[e].pictures.count)
        * curvature(e, problem.scales[e])
      let share = problem.variationShares[e]
      // Elements keep the proportions of strength that their maps asked for, within a factor of two.
      let proportion = min(max(denoisedStrengths[e] / meanStrength, 0.5), 2)
      problem.variationShares[e] = share * ((own + information) / own).squareRoot() * proportion
    }
  }

  /// The linear model stands in for the power law where it explains HAADF clearly better through the maps alone.
  mutating func chooseModel() throws {
    if settings.model == nil && data.haadf.pictures.count == 1 {
      func unexplained(_ model: HAADFModel) throws -> Double {
        problem.model = model
        let found = try problem.calibrated(
          denoised, gain: settings.gain, offset: settings.offset)
        return try problem.haadfConsistency(denoised, found).0.blockChi2
      }
      let (linear, power) = (try unexplained(.linear), try unexplained(.power))
      settings.model = linear < Self.clearly * power ? .linear : .power
    }
    settings.model = settings.model ?? .linear
    problem.model = settings.model ?? .linear
  }

  /// `∂²D/∂x²` of HAADF, with the slope of `c x^γ` where x is 1, about the typical value.
  func haadfCurvature(_ coefficient: Double) -> Double {
    let slope = coefficient * (settings.model == .power ? settings.exponent : 1)
    return slope * slope / (data.haadf.sigma * data.haadf.sigma)
  }

  /// `λ₁` of maximum likelihood: σ_H² times the mean curvature of the maps.
  var balance: Double {
    let curvatures = data.maps.indices.map { curvature($0, problem.scales[$0]) }
    return data.haadf.sigma * data.haadf.sigma * curvatures.reduce(0, +) / Double(curvatures.count)
  }
  var meanShare: Double {
    problem.variationShares.reduce(0, +) / Double(problem.variationShares.count)
  }

  /// The geometric mean of the μ of the maps.
  var meanStrength: Double {
    let logs = denoisedStrengths.reduce(0) { $0 + .log($1) }
    return Double.exp(logs / Double(denoisedStrengths.count))
  }
}
