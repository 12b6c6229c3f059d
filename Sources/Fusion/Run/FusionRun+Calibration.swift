import Fields
import RealModule

extension FusionRun {
  /// Finds gain and offset, leaves out of HAADF what it cannot see, and chooses the model of an image.
  mutating func calibrate() throws {
    guard data.haadf.pictures.count == 1 else { return try calibrateSeries() }
    var best: (misfit: Double, run: FusionRun)?
    for model in settings.model.map({ [$0] }) ?? [.linear, .power] {
      for rule in GainRule.allCases {
        var trial = self
        trial.gainRule = rule
        try trial.calibrateImage(model)
        let misfit =
          try trial.problem.misfit(trial.fit.smooth) + (trial.isPlausible ? 0 : Self.implausibility)
        if let best, misfit > best.misfit - Self.advantage { continue }
        best = (misfit, trial)
      }
    }
    if let best { self = best.run }
  }

  /// Whether the offset lies less than HAADF's range below its darkest level, and no element weighs ten times as much as
  /// `Z^γ` of its counts: what weighs much more lets counts be fitted without HAADF.
  private var isPlausible: Bool {
    guard let calibration = problem.calibration else { return false }
    let expected = problem.weightsOfCounts
    let ratios = zip(calibration.coefficients, expected).map { $0 / $1 }
    guard
      let heaviest = expected.indices.max(by: {
        problem.atomicShares[$0] < problem.atomicShares[$1]
      })
    else { return false }
    let y = data.haadf.measurement.span
    let (low, high) = y.indices.reduce((Float.infinity, -Float.infinity)) {
      (min($0.0, y[$1]), max($0.1, y[$1]))
    }
    return calibration.offset > Double(2 * low - high)
      && (data.isTied || ratios.allSatisfy { $0 <= 10 * ratios[heaviest] })
  }

  private mutating func calibrateImage(_ model: HAADFModel) throws {
    settings.model = model
    problem.model = model
    let even = FloatStorage(repeating: 1, count: denoised.count)
    let levels = problemAsCounted.levels(denoised, fit: even)
    var found =
      calibrated(denoised, levels)
      ?? problem.expected(levels, gain: settings.gain, offset: settings.offset)
    for e in data.maps.indices where !problem.isSeen(e, levels, found.coefficients[e]) {
      unseen.insert(e)
      found.coefficients[e] = 0
    }
    problem.calibration = found
    share()
    fit = FusionProblem.Fit(from: denoised)
    strength = problem.isMixed ? 1 : meanStrength
    try recalibrate(within: 0.01)
    try problem.smoothFit(strength, &fit, problem.pace.trial(true), isCancelled: isCancelled)
    try endIfCancelled()
  }

  /// Gain and offset of an image; `nil` where counts tell of no element.
  func calibrated(
    _ x: borrowing FloatStorage, _ levels: @autoclosure () -> [BrightnessLevel]
  ) -> Calibration? {
    let isTied = settings.gain != nil || data.isTied
    switch gainRule {
    case .levels:
      return problem.completed(
        problem.calibrated(
          levels(), isTied: isTied, gain: settings.gain, offset: settings.offset))
    case .instruments:
      return problemAsCounted.calibratedByInstruments(
        x, isTied: isTied, gain: settings.gain, offset: settings.offset)
    }
  }

  /// Reads gain and offset of tilt series from the denoised maps.
  private mutating func calibrateSeries() throws {
    settings.model = settings.model ?? .linear
    problem.model = settings.model ?? .linear
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
    share()
  }

  /// Shares out the weights of the maps and of total variation.
  private mutating func share() {
    let coefficients = problem.calibration?.coefficients ?? []
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
      let information = views * haadfCurvature(coefficients[e])
      let own =
        problem.mapWeight * Double(data.maps[e].pictures.count)
        * curvature(e, problem.scales[e])
      let share = problem.variationShares[e]
      // Elements keep the proportions of strength that their maps asked for, within a factor of two.
      let proportion = min(max(denoisedStrengths[e] / meanStrength, 0.5), 2)
      problem.variationShares[e] = share * ((own + information) / own).squareRoot() * proportion
    }
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
