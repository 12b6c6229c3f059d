import Fields
import Operators
import Transforms

extension FusionRun {
  /// Total variation of each map alone; scales that are not known become those at which a
  /// concentration of 1 is typical.
  ///
  /// - Parameter found: a run on a part of the data, whose scales and strengths are kept.
  mutating func denoise(_ found: FusionRun?) throws {
    for e in data.maps.indices {
      onStage(.denoising(data.maps[e].element.symbol))
      var alone = part(e)
      let map = data.maps[e]
      let start = positiveStart(
        alone.view(0), map.measurement, background: map.backgrounds, rounds: 10)
      let first = found?.problem.scales[e] ?? map.scale ?? max(typicalValue(start.span), 1e-12)
      alone.scales = [first]
      alone.variationShares = [share(e, scale: first)]
      var fit = FusionProblem.Fit(from: start.scaled(by: 1 / first))
      let (μ, contrastShare) =
        try found.map { ($0.denoisedStrengths[e], $0.denoisedShares[e]) }
        ?? searchAlone(e, &alone, &fit)
      let effort = Effort(
        iterations: min(200, settings.iterationLimit), tolerance: min(1e-4, settings.tolerance))
      try alone.fit(μ, &fit, effort, isCancelled: isCancelled)
      try endIfCancelled()
      let x = fit.blend(contrastShare)
      let typical = map.scale == nil && found == nil ? typicalValue(x.span) : 1
      guard typical > 0 else { throw FusionError.emptyMap(map.element.symbol) }
      growth.append(Float(1 / typical))
      problem.scales[e] = first * typical
      problem.variationShares[e] = share(e, scale: first * typical)
      // μ ν TV(x) is the same number in either unit.
      denoisedStrengths.append(μ)
      denoisedShares.append(contrastShare)
      denoisedWeights.append(μ * problem.variationShares[e])
      denoised.replace(
        from: e * data.voxelCount, with: x.scaled(by: 1 / typical), 0..<data.voxelCount)
    }
    problem.mapWeight = 1
  }

  /// The μ, and the share of the fit with its contrast given back, with which a map alone predicts what is left out of it.
  mutating func searchAlone(
    _ e: Int, _ alone: inout FusionProblem, _ fit: inout FusionProblem.Fit
  ) throws -> (μ: Double, contrastShare: Double) {
    alone.leavesOut = true
    let map = data.maps[e]
    // A start that had seen what is left out would predict it.
    if alone.keptShare(0) < 1 {
      let share = Float(alone.keptShare(0))
      let start = positiveStart(
        alone.view(0), alone.measurement(0), background: map.backgrounds.map { share * $0 },
        rounds: 10)
      fit = FusionProblem.Fit(from: start)
    } else {
      fit = FusionProblem.Fit(from: flat(0.5))
    }
    let (problem, pace, isCancelled) = (alone, problem.pace, isCancelled)
    let search = try StrengthSearch(from: denoisedStrengths.last ?? 4) { μ in
      try problem.fit(μ, &fit, pace.trial(fit.isFresh), isCancelled: isCancelled)
      return try problem.heldOutMisfits(fit)
    }
    alone.leavesOut = false
    unknowing.replace(
      from: e * data.voxelCount, with: fit.blend(search.contrastShare), 0..<data.voxelCount)
    return (search.best, search.contrastShare)
  }

  /// The same value everywhere, nothing in padding lanes.
  func flat(_ value: Float) -> FloatStorage {
    var field = FloatStorage(zeros: data.voxelCount)
    var values = field.mutableSpan
    let pictures = Pictures(data.gradient.shape)
    for block in pictures.blocks(64) { pictures.forEachPixel(of: block) { values[$0] = value } }
    return field
  }

  /// One element without HAADF.
  func part(_ e: Int) -> FusionProblem {
    FusionProblem(
      data: FusionData(data.haadf, [data.maps[e]], gradient: data.gradient), model: .linear,
      exponent: settings.exponent, scales: [1], variationShares: [1])
  }

  /// `ν = √(∂²D/∂x²)`: total variation against white noise grows with σ, not with σ².
  func share(_ e: Int, scale: Double) -> Double { curvature(e, scale).squareRoot() }

  func curvature(_ e: Int, _ scale: Double) -> Double {
    data.maps[e].curvature(at: data.maps[e].typicalSignal / scale, scale: scale)
  }
}

extension FloatStorage {
  fileprivate func scaled(by factor: Double) -> FloatStorage {
    var scaled = self
    var values = scaled.mutableSpan
    for i in values.indices { values[i] *= Float(factor) }
    return scaled
  }
}
