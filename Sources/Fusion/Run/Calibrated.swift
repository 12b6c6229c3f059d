import Fields
import RealModule

/// Denoised maps with what HAADF sees of them: its model, gain and offset, and the shares of total variation.
package struct Calibrated {
  package let denoised: Denoised
  private let rule: GainRule
  package private(set) var problem: FusionProblem
  /// The fit that gain and offset were last corrected by.
  package private(set) var fit: FusionProblem.Fit
  /// The μ that a search begins with.
  package private(set) var strength: Double
  /// Elements that are left out of HAADF, since it does not see them.
  package private(set) var unseen: Set<Int> = []

  /// The weight of the variation of what HAADF sees, in units of its noise.
  private static let mixtureShare = 0.12
  /// How many nats more the power law has to explain than the linear model.
  private static let advantage = 3.0
  private static let implausibility = 1e12

  package var task: FusionTask { denoised.task }
  private var settings: SensorFusion { task.settings }
  private var data: FusionData { task.data }

  /// Finds gain and offset, leaves out of HAADF what it cannot see, and chooses the model of an image.
  ///
  /// - Parameter model: the one that a part of the data chose.
  package init(_ denoised: Denoised, model: HAADFModel? = nil) throws {
    let model = model ?? denoised.task.settings.model
    self.init(denoised, model ?? .linear, .levels)
    guard task.isImage else {
      try calibrateSeries()
      return
    }
    var least = Double.infinity
    for model in model.map({ [$0] }) ?? [.linear, .power] {
      for rule in GainRule.allCases {
        var trial = Calibrated(denoised, model, rule)
        try trial.calibrateImage()
        let misfit =
          try trial.problem.misfit(trial.fit.smooth) + (trial.isPlausible ? 0 : Self.implausibility)
        if misfit > least - Self.advantage { continue }
        (least, self) = (misfit, trial)
      }
    }
  }

  /// Before anything is calibrated.
  private init(_ denoised: Denoised, _ model: HAADFModel, _ rule: GainRule) {
    (self.denoised, self.rule, strength) = (denoised, rule, denoised.meanStrength)
    problem = FusionProblem(
      data: denoised.task.data, model: model, exponent: denoised.task.settings.exponent,
      scales: denoised.maps.map(\.scale), variationShares: denoised.maps.map(\.variationShare))
    fit = FusionProblem.Fit(from: denoised.field)
  }

  /// The problem with maps as they were counted: where their counts lie within the pixels of pooled maps calibrates.
  var problemAsCounted: FusionProblem {
    var problem = problem
    problem.data = task.counted
    return problem
  }

  /// Whether the offset lies less than HAADF's range below its darkest level, and no element weighs ten times as much as
  /// `Z^γ` of its counts: what weighs much more lets counts be fitted without HAADF.
  private var isPlausible: Bool {
    guard let calibration = problem.calibration else { return false }
    let expected = problem.weightsOfCounts
    let ratios = zip(calibration.coefficients, expected).map { $0 / $1 }
    let shares = problem.atomicShares
    guard let heaviest = shares.indices.max(by: { shares[$0] < shares[$1] }) else { return false }
    let measured = data.haadf.measurement
    let y = measured.span
    let (low, high) = y.indices.reduce((Float.infinity, -Float.infinity)) {
      (min($0.0, y[$1]), max($0.1, y[$1]))
    }
    return calibration.offset > Double(2 * low - high)
      && (data.isTied || ratios.allSatisfy { $0 <= 10 * ratios[heaviest] })
  }

  private mutating func calibrateImage() throws {
    let (x, even) = (denoised.field, FloatStorage(repeating: 1, count: denoised.field.count))
    let levels = problemAsCounted.levels(x, fit: even)
    let found =
      imageCalibration(x, levels)
      ?? problem.expected(levels, gain: settings.gain, offset: settings.offset)
    leaveOut(
      data.maps.indices.filter { !problem.isSeen($0, levels, found.coefficients[$0]) }, of: found)
    if problem.isMixed { strength = 1 }
    try recalibrate(at: strength, within: 0.01)
    try refit(strength, problem.pace.trial(true))
  }

  private mutating func refit(_ μ: Double, _ effort: Effort) throws {
    let task = task
    try problem.smoothFit(μ, &fit, effort, isCancelled: task.isCancelled)
    try task.endIfCancelled()
  }

  /// Gain and offset of an image; `nil` where counts tell of no element.
  private func imageCalibration(
    _ x: borrowing FloatStorage, _ levels: @autoclosure () -> [BrightnessLevel]
  ) -> Calibration? {
    let isTied = settings.gain != nil || data.isTied
    return switch rule {
    case .levels:
      problem.completed(
        problem.calibrated(
          levels(), isTied: isTied, gain: settings.gain, offset: settings.offset))
    case .instruments:
      problemAsCounted.calibratedByInstruments(
        x, isTied: isTied, gain: settings.gain, offset: settings.offset)
    }
  }

  /// Reads gain and offset of tilt series from the denoised maps.
  private mutating func calibrateSeries() throws {
    let x = denoised.field
    let found = try problem.calibrated(x, gain: settings.gain, offset: settings.offset)
    let unseen = try data.maps.indices.filter { e in
      let one = data.maps.indices.map { $0 == e ? found.coefficients[$0] : 0 }
      let signal = try problem.haadfSignal(x, one)
      return Double(signal.span.indices.reduce(0) { max($0, signal.span[$1]) }) < data.haadf.sigma
    }
    leaveOut(unseen, of: found)
  }

  /// Takes a calibration without the elements that HAADF does not see, and shares out the weights of the maps and of total variation.
  private mutating func leaveOut(_ elements: [Int], of found: Calibration) {
    unseen = Set(elements)
    problem.calibration = found
    for e in unseen { problem.calibration?.coefficients[e] = 0 }
    if let lambda1 = settings.lambda1 { problem.mapWeight = lambda1 / balance }
    guard !problem.isMixed else {
      // The mixture has its own variation, so that each element keeps that of its map.
      problem.mixtureShare = Self.mixtureShare
      return
    }
    for (e, map) in denoised.maps.enumerated() {
      // ν = √(∂²(HAADF and map)/∂x²).
      // Where HAADF has no more views than the map, edges are seen by both alike.
      let mapViews = data.maps[e].pictures.count
      let views = Double(max(0, data.haadf.pictures.count - mapViews))
      let information = views * haadfCurvature(e)
      let own = problem.mapWeight * Double(mapViews) * task.curvature(e, map.scale)
      // Elements keep the proportions of strength that their maps asked for, within a factor of two.
      let proportion = min(max(map.strength / denoised.meanStrength, 0.5), 2)
      problem.variationShares[e] =
        map.variationShare * ((own + information) / own).squareRoot() * proportion
    }
  }

  /// `∂²D/∂x²` of HAADF, with the slope of `c x^γ` where x is 1, about the typical value.
  private func haadfCurvature(_ e: Int) -> Double {
    let slope = (problem.calibration?.coefficients[e] ?? 0) * problem.power
    return slope * slope / (data.haadf.sigma * data.haadf.sigma)
  }

  /// `λ₁` of maximum likelihood: σ_H² times the mean curvature of the maps.
  var balance: Double {
    let curvatures = data.maps.indices.map { task.curvature($0, problem.scales[$0]) }
    return data.haadf.sigma * data.haadf.sigma * curvatures.reduce(0, +) / Double(curvatures.count)
  }

  var meanShare: Double {
    problem.variationShares.reduce(0, +) / Double(problem.variationShares.count)
  }

  /// The same with gain and offset corrected by what short fusions tell, until they stay.
  ///
  /// Denoised maps are blunt, and `Σ x^γ` of a blunt map is too small. HAADF fixes the shape of the
  /// fused maps, and the sum of the counts their size: with `κ = Σ (b_E − b) / Σ s x`, which
  /// maximises the likelihood of counts, `c x^γ = c κ^−γ (κ x)^γ`.
  consuming func corrected(at μ: Double, within tolerance: Double) throws -> Calibrated {
    try recalibrate(at: μ, within: tolerance)
    return self
  }

  private mutating func recalibrate(at μ: Double, within tolerance: Double) throws {
    // Instruments follow the fit that follows them.
    let limit = task.isImage && rule == .instruments ? 2 : 6
    for _ in 0..<limit where try recalibrateOnce(μ) < tolerance { break }
  }

  /// - Returns: `|log κ|` of the common gain, or the largest one.
  private mutating func recalibrateOnce(_ μ: Double) throws -> Double {
    guard let before = problem.calibration, settings.gain == nil || settings.offset == nil else {
      return 0
    }
    try refit(μ, Effort(iterations: problem.isMixed ? 80 : 30, tolerance: 1e-4))
    let x = fit.smooth
    guard task.isImage else {
      let seen = data.maps.indices.filter { !unseen.contains($0) }
      let (found, change) = try problem.corrected(
        before, by: x, seen, isGainFree: settings.gain == nil, isOffsetFree: settings.offset == nil)
      problem.calibration = found
      return change
    }
    guard var found = imageCalibration(x, problemAsCounted.levels(x, fit: x)) else { return 0 }
    for e in unseen { found.coefficients[e] = 0 }
    problem.calibration = found
    return zip(found.coefficients, before.coefficients).reduce(0) { largest, pair in
      pair.0 > 0 && pair.1 > 0 ? max(largest, abs(.log(pair.0 / pair.1))) : largest
    }
  }
}
