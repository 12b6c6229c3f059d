import Fields
import RealModule
import Reconstruction

extension FusionRun {
  /// Finds μ, unless λ₂ is given.
  mutating func search() throws {
    if data.haadf.pictures.count > 1 {
      fit = FusionProblem.Fit(from: denoised)
      strength = meanStrength
    }
    if let lambda2 = settings.lambda2 {
      strength = lambda2 / (2 * data.haadf.sigma * data.haadf.sigma * meanShare)
      return
    }
    if data.haadf.pictures.count > 1 { try recalibrate(within: 0.01) }
    var trialProblem = problem
    trialProblem.leavesOut = true
    var x = unknowing
    var values = x.mutableSpan
    for i in values.indices { values[i] *= growth[i / data.voxelCount] }
    var trialFit = FusionProblem.Fit(from: x)
    var count = 0
    let (fixed, pace) = (trialProblem, problem.pace)
    let (onStage, isCancelled) = (onStage, isCancelled)
    let search = try StrengthSearch(from: strength) { μ in
      count += 1
      onStage(.searching(trial: count))
      try fixed.fit(μ, &trialFit, pace.trial(trialFit.isFresh), isCancelled: isCancelled)
      if isCancelled() { throw ReconstructionError.interrupted }
      return try fixed.heldOutMisfits(trialFit)
    }
    (strength, trials, contrastShare) = (search.best, search.trials, search.contrastShare)
    guard data.haadf.pictures.count == 1 else { return }
    // Contrast is given back as often as counts show more of it and prediction does not suffer.
    var least = Double.infinity
    try fixed.fit(strength, &trialFit, pace.trial(false), isCancelled: isCancelled) { round, fit in
      let misfit = try fixed.heldOutMisfit(fit.blend(contrastShare))
      guard misfit < least + StrengthSearch.advantage else { return false }
      (least, rounds) = (min(misfit, least), round)
      return round < FusionProblem.mostRounds
        && data.maps.indices.contains { fixed.isBlunt(fit.unbiased, $0) }
    }
  }

  /// Corrects gain and offset by what a short fusion tells.
  ///
  /// Denoised maps are blunt, and `Σ x^γ` of a blunt map is too small. HAADF fixes the shape of the
  /// fused maps, and the sum of the counts their size: with `κ = Σ (b_E − b) / Σ s x`, which
  /// maximises the likelihood of counts, `c x^γ = c κ^−γ (κ x)^γ`.
  mutating func recalibrate(within tolerance: Double) throws {
    // Instruments follow the fit that follows them.
    let limit = data.haadf.pictures.count == 1 && gainRule == .instruments ? 2 : 6
    for _ in 0..<limit where try recalibrateOnce() < tolerance { break }
  }

  /// - Returns: `|log κ|` of the common gain, or the largest one.
  mutating func recalibrateOnce() throws -> Double {
    guard var found = problem.calibration, settings.gain == nil || settings.offset == nil else {
      return 0
    }
    let effort = Effort(iterations: problem.isMixed ? 80 : 30, tolerance: 1e-4)
    try problem.smoothFit(strength, &fit, effort, isCancelled: isCancelled)
    try endIfCancelled()
    if data.haadf.pictures.count == 1 { return try recalibrateImage(found) }
    if settings.offset == nil { found.offset += try problem.meanResidual(fit.smooth, found) }
    var change = 0.0
    if settings.gain == nil {
      let γ = settings.model == .power ? settings.exponent : 1
      let seen = data.maps.indices.filter { !unseen.contains($0) }
      let sizes = seen.map { problem.excess(fit.smooth, $0) }
      let isTied = data.isTied
      // The common gain follows the elements by what they add to HAADF.
      let weights = seen.map { found.coefficients[$0] * problem.powerSum(fit.smooth, $0) }
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

  mutating func recalibrateImage(_ before: Calibration) throws -> Double {
    guard
      var found = calibrated(fit.smooth, problemAsCounted.levels(fit.smooth, fit: fit.smooth))
    else { return 0 }
    for e in unseen { found.coefficients[e] = 0 }
    problem.calibration = found
    return zip(found.coefficients, before.coefficients).reduce(0) { largest, pair in
      pair.0 > 0 && pair.1 > 0 ? max(largest, abs(.log(pair.0 / pair.1))) : largest
    }
  }

  /// Takes over what a run on a part of the data found.
  mutating func adopt(_ found: FusionRun) {
    (strength, trials) = (found.strength, found.trials)
    (contrastShare, rounds) = (found.contrastShare, found.rounds)
    fit = FusionProblem.Fit(from: denoised)
  }

  mutating func fuse() throws {
    onStage(.fusing)
    let effort = Effort(
      iterations: settings.iterationLimit, tolerance: settings.tolerance, tracksObjective: true)
    try recalibrate(within: 0.004)
    let rounds = rounds
    try problem.fit(strength, &fit, effort, isCancelled: isCancelled) { round, _ in round < rounds }
    fused = fit.blend(contrastShare)
    report = fit.report
    try endIfCancelled()
  }
}
