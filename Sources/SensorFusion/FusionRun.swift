import Fields
import Inversion
import RealModule
import Transforms
import Reconstruction

/// One fusion on its way: denoise, calibrate, search, fuse, judge.
struct FusionRun {
  let settings: SensorFusion
  let data: FusionData
  private let onStage: @Sendable (SensorFusion.Stage) -> Void
  private let isCancelled: @Sendable () -> Bool
  private var problem: FusionProblem
  /// `xₑ` from each map alone, `[element][voxel]`, and the μ that each was found with.
  private(set) var denoised: FloatStorage
  private var denoisedStrengths: [Double] = []
  /// `μ ν`
  private var denoisedWeights: [Double] = []
  /// The same from pixels that were not left out, in units of the first scales; and what turns them
  /// into concentrations.
  private var unknowing: FloatStorage
  private var growth: [Float] = []
  private var fused = FloatStorage(zeros: 0)
  private var duals: [FloatStorage] = []
  private var strength = 1.0
  private var trials: [StrengthTrial] = []
  private var report = SolverReport()
  private var unseen: Set<Int> = []

  init(
    _ settings: SensorFusion, _ data: FusionData,
    _ onStage: @escaping @Sendable (SensorFusion.Stage) -> Void,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    (self.settings, self.data) = (settings, data)
    (self.onStage, self.isCancelled) = (onStage, isCancelled)
    let ones = [Double](repeating: 1, count: data.maps.count)
    problem = FusionProblem(
      data: data, model: settings.model, exponent: settings.exponent, scales: ones,
      variationShares: ones, solver: settings.solver)
    denoised = FloatStorage(zeros: data.maps.count * data.voxelCount)
    unknowing = denoised
  }

  /// Total variation of each map alone; scales that are not known become those at which a
  /// concentration of 1 is typical.
  ///
  /// - Parameter found: a run on a part of the data, whose scales and strengths are kept.
  mutating func denoise(_ found: FusionRun?) throws {
    for e in data.maps.indices {
      onStage(.denoising(data.maps[e].element.symbol))
      var alone = part(e)
      let view = alone.view(0)
      let map = data.maps[e]
      var x = positiveStart(
        view, map.measurement, background: map.background, rounds: found == nil ? 10 : 3)
      let first = found?.problem.scales[e] ?? map.scale ?? max(typicalValue(x.span), 1e-12)
      scale(&x, by: 1 / first)
      alone.scales = [first]
      alone.variationShares = [share(e, scale: first)]
      var μ = found?.denoisedStrengths[e] ?? 1
      if found == nil {
        alone.leavesOut = true
        var trialDuals: [FloatStorage] = []
        // A start that had seen what is left out would predict it.
        var trial =
          alone.keptShare(0) < 1
          ? positiveStart(
            alone.view(0), alone.measurement(0), background: map.background * alone.keptShare(0),
            rounds: 10)
          : flat(0.5)
        μ =
          try StrengthSearch(from: denoisedStrengths.last ?? 2) { μ in
            _ = try alone.solve(
              μ, from: &trial, duals: &trialDuals, problem.pace.trial(trialDuals),
              isCancelled: isCancelled)
            return try alone.heldOutMisfit(trial)
          }.best
        alone.leavesOut = false
        unknowing.replace(from: e * data.voxelCount, with: trial, 0..<data.voxelCount)
        x = trial
      }
      var mapDuals: [FloatStorage] = []
      let effort = Effort(
        iterations: min(100, settings.iterationLimit), tolerance: max(3e-4, settings.tolerance))
      _ = try alone.solve(μ, from: &x, duals: &mapDuals, effort, isCancelled: isCancelled)
      try endIfCancelled()
      let typical = map.scale == nil && found == nil ? typicalValue(x.span) : 1
      guard typical > 0 else { throw FusionError.emptyMap(map.element.symbol) }
      scale(&x, by: 1 / typical)
      growth.append(Float(1 / typical))
      problem.scales[e] = first * typical
      problem.variationShares[e] = share(e, scale: first * typical)
      // μ ν TV(x) is the same number in either unit.
      denoisedStrengths.append(μ)
      denoisedWeights.append(μ * problem.variationShares[e])
      denoised.replace(from: e * data.voxelCount, with: x, 0..<data.voxelCount)
    }
    problem.mapWeight = 1
  }

  /// The same value everywhere, nothing in padding lanes.
  private func flat(_ value: Float) -> FloatStorage {
    var field = FloatStorage(zeros: data.voxelCount)
    var values = field.mutableSpan
    let pictures = Pictures(data.gradient.shape)
    for block in pictures.blocks(64) { pictures.forEachPixel(of: block) { values[$0] = value } }
    return field
  }

  /// One element without HAADF.
  private func part(_ e: Int) -> FusionProblem {
    FusionProblem(
      data: FusionData(data.haadf, [data.maps[e]], gradient: data.gradient), model: settings.model,
      exponent: settings.exponent, scales: [1], variationShares: [1], solver: settings.solver)
  }

  /// `ν = √(∂²D/∂x²)`: total variation against white noise grows with σ, not with σ².
  private func share(_ e: Int, scale: Double) -> Double { curvature(e, scale).squareRoot() }

  private func curvature(_ e: Int, _ scale: Double) -> Double {
    data.maps[e].curvature(at: data.maps[e].typicalSignal / scale, scale: scale)
  }

  /// Reads gain and offset from the denoised maps, and leaves out of HAADF what it cannot see.
  mutating func calibrate() throws {
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

  /// `∂²D/∂x²` of HAADF, with the slope of `c x^γ` where x is 1, about the typical value.
  private func haadfCurvature(_ coefficient: Double) -> Double {
    let slope = coefficient * (settings.model == .power ? settings.exponent : 1)
    return slope * slope / (data.haadf.sigma * data.haadf.sigma)
  }

  /// `λ₁` of maximum likelihood: σ_H² times the mean curvature of the maps.
  private var balance: Double {
    let curvatures = data.maps.indices.map { curvature($0, problem.scales[$0]) }
    return data.haadf.sigma * data.haadf.sigma * curvatures.reduce(0, +) / Double(curvatures.count)
  }
  private var meanShare: Double {
    problem.variationShares.reduce(0, +) / Double(problem.variationShares.count)
  }

  /// The geometric mean of the μ of the maps.
  private var meanStrength: Double {
    let logs = denoisedStrengths.reduce(0) { $0 + .log($1) }
    return Double.exp(logs / Double(denoisedStrengths.count))
  }

  /// Finds μ, unless λ₂ is given.
  mutating func search() throws {
    fused = denoised
    strength = meanStrength
    if let lambda2 = settings.lambda2 {
      strength = lambda2 / (2 * data.haadf.sigma * data.haadf.sigma * meanShare)
      return
    }
    try recalibrate(within: 0.01)
    var trialProblem = problem
    trialProblem.leavesOut = true
    var x = unknowing
    var trialDuals: [FloatStorage] = []
    var values = x.mutableSpan
    for i in values.indices { values[i] *= growth[i / data.voxelCount] }
    var count = 0
    let found = try StrengthSearch(from: strength) { μ in
      count += 1
      onStage(.searching(trial: count))
      _ = try trialProblem.solve(
        μ, from: &x, duals: &trialDuals, problem.pace.trial(trialDuals),
        isCancelled: isCancelled)
      try endIfCancelled()
      return try trialProblem.heldOutMisfit(x)
    }
    (strength, trials) = (found.best, found.trials)
  }

  /// Corrects gain and offset by what a short fusion tells.
  ///
  /// Denoised maps are blunt, and `Σ x^γ` of a blunt map is too small. HAADF fixes the shape of the
  /// fused maps, and the sum of the counts their size: with `κ = Σ (b_E − b) / Σ s x`, which
  /// maximises the likelihood of counts, `c x^γ = c κ^−γ (κ x)^γ`.
  private mutating func recalibrate(within tolerance: Double) throws {
    for _ in 0..<6 where try recalibrateOnce() < tolerance { break }
  }

  /// - Returns: `|log κ|` of the common gain, or the largest one.
  private mutating func recalibrateOnce() throws -> Double {
    guard var found = problem.calibration, settings.gain == nil || settings.offset == nil else {
      return 0
    }
    let effort = Effort(iterations: 30, tolerance: 2e-4)
    _ = try problem.solve(strength, from: &fused, duals: &duals, effort, isCancelled: isCancelled)
    try endIfCancelled()
    if settings.offset == nil { found.offset += try problem.meanResidual(fused, found) }
    var change = 0.0
    if settings.gain == nil {
      let γ = settings.model == .power ? settings.exponent : 1
      let seen = data.maps.indices.filter { !unseen.contains($0) }
      let sizes = seen.map { problem.excess(fused, $0) }
      let isTied = data.maps.allSatisfy { $0.scale != nil }
      // The common gain follows the elements by what they add to HAADF.
      let weights = seen.map { found.coefficients[$0] * problem.powerSum(fused, $0) }
      let total = weights.reduce(0, +)
      let common =
        total > 0 ? zip(sizes, weights).reduce(0) { $0 + .log($1.0) * $1.1 } / total : 0
      change = isTied ? abs(common) : sizes.map { abs(.log($0)) }.max() ?? 0
      for (e, size) in zip(seen, sizes) {
        found.coefficients[e] *= Double.exp(-γ * (isTied ? common : .log(size)))
      }
    }
    problem.calibration = found
    return change
  }

  /// Takes over what a run on a part of the data found.
  mutating func adopt(_ found: FusionRun) {
    (strength, trials, fused) = (found.strength, found.trials, denoised)
  }

  mutating func fuse() throws {
    onStage(.fusing)
    let effort = Effort(
      iterations: settings.iterationLimit, tolerance: settings.tolerance, tracksObjective: true)
    try recalibrate(within: 0.004)
    report = try problem.solve(
      strength, from: &fused, duals: &duals, effort, isCancelled: isCancelled)
    try endIfCancelled()
  }

  private func endIfCancelled() throws {
    if isCancelled() { throw ReconstructionError.interrupted }
  }

  func result() throws -> FusionResult {
    let calibration = problem.calibration ?? Calibration(coefficients: [], offset: 0)
    let (haadf, residual) = try problem.haadfConsistency(fused, calibration)
    let (_, before) = try problem.haadfConsistency(denoised, calibration)
    let lambda2 = 2 * data.haadf.sigma * data.haadf.sigma * strength
    let elements = data.maps.indices.map { e in
      FusionResult.Element(
        symbol: data.maps[e].element.symbol, atomicNumber: data.maps[e].element.atomicNumber,
        scale: problem.scales[e], scaleIsGiven: data.maps[e].scale != nil,
        coefficient: calibration.coefficients[e], atomicShare: problem.atomicShares[e],
        isSeenByHAADF: !unseen.contains(e),
        lambda1: problem.mapWeight * curvature(e, problem.scales[e]) * data.haadf.sigma
          * data.haadf.sigma,
        lambda2: lambda2 * problem.variationShares[e],
        denoisingStrength: denoisedWeights[e],
        consistency: problem.mapConsistency(fused, e), shift: data.maps[e].shift,
        yields: data.maps[e].yields)
    }
    return FusionResult(
      settings: settings, elements: elements, fused: fused, denoised: denoised,
      fusedResidual: residual, denoisedResidual: before, haadf: haadf, sigma: data.haadf.sigma,
      signal: signalSum(calibration.offset), calibration: calibration, trials: trials,
      lambda1: problem.mapWeight * balance, lambda2: lambda2 * meanShare, report: report,
      vacuumCounts: data.maps.indices.map { problem.vacuumCounts($0, calibration) },
      projectionLaw: problem.projectionLaw(offset: calibration.offset))
  }

  /// `Σ (b_H − o)`
  private func signalSum(_ offset: Double) -> Double {
    let y = data.haadf.measurement.span
    let sum = y.indices.reduce(0.0) { $0 + Double(y[$1]) }
    return sum - offset * Double(data.haadf.pictures.shape.valueCount)
  }
}

private func scale(_ x: inout FloatStorage, by factor: Double) {
  var values = x.mutableSpan
  for i in values.indices { values[i] *= Float(factor) }
}
