package import Fields
import Operators
import RealModule
import Transforms

/// Each map alone by total variation, without HAADF: the first stage of a fusion.
package struct Denoised {
  /// What was found for one map.
  package struct Map {
    /// `s`; where it is not given, the one at which a concentration of 1 is typical.
    package let scale: Double
    /// The μ that the map was denoised with, and the share of the fit whose contrast is given back.
    package let strength: Double
    package let contrastShare: Double
    /// `ν`
    package let variationShare: Double
  }

  package let task: FusionTask
  package private(set) var maps: [Map] = []
  /// `xₑ`, `[element][voxel]`.
  package private(set) var field: FloatStorage
  /// The same from pixels that were not left out, where strengths were searched.
  package private(set) var unknowing: FloatStorage

  /// - Parameter found: of a part of the data, whose scales and strengths are kept.
  package init(_ task: FusionTask, like found: Denoised? = nil) throws {
    self.task = task
    let (settings, count) = (task.settings, task.data.voxelCount)
    field = FloatStorage(zeros: task.data.maps.count * count)
    unknowing = field
    for (e, map) in task.data.maps.enumerated() {
      task.onStage(.denoising(map.element.symbol))
      let known = found?.maps[e]
      var alone = Self.alone(map, task)
      let start = positiveStart(
        alone.view(0), map.measurement, background: map.backgrounds, rounds: 10)
      let first = known?.scale ?? map.scale ?? max(typicalValue(start.span), 1e-12)
      alone.scales = [first]
      alone.variationShares = [task.share(e, scale: first)]
      var fit = FusionProblem.Fit(from: start.scaled(by: 1 / first))
      let (μ, contrastShare) =
        try known.map { ($0.strength, $0.contrastShare) } ?? search(alone, &fit)
      let kept = fit.blend(contrastShare)
      let effort = Effort(
        iterations: min(200, settings.iterationLimit), tolerance: min(1e-4, settings.tolerance))
      try alone.fit(μ, &fit, effort, isCancelled: task.isCancelled)
      try task.endIfCancelled()
      let x = fit.blend(contrastShare)
      let typical = map.scale == nil && known == nil ? typicalValue(x.span) : 1
      guard typical > 0 else { throw FusionError.emptyMap(map.element.symbol) }
      // μ ν TV(x) is the same number in either unit.
      maps.append(
        Map(
          scale: first * typical, strength: μ, contrastShare: contrastShare,
          variationShare: task.share(e, scale: first * typical)))
      field.replace(from: e * count, with: x.scaled(by: 1 / typical), 0..<count)
      unknowing.replace(from: e * count, with: kept.scaled(by: 1 / typical), 0..<count)
    }
  }

  /// The geometric mean of the μ of the maps.
  var meanStrength: Double {
    let logs = maps.reduce(0) { $0 + .log($1.strength) }
    return Double.exp(logs / Double(maps.count))
  }

  /// The μ, and the share of the fit with its contrast given back, with which a map alone predicts what is left out of it.
  ///
  /// - Parameter fit: becomes the last one of the search.
  private func search(
    _ alone: FusionProblem, _ fit: inout FusionProblem.Fit
  ) throws -> (μ: Double, contrastShare: Double) {
    var problem = alone
    problem.leavesOut = true
    // A start that had seen what is left out would predict it.
    if problem.keptShare(0) < 1 {
      let share = Float(problem.keptShare(0))
      let start = positiveStart(
        problem.view(0), problem.measurement(0),
        background: problem.data.maps[0].backgrounds.map { share * $0 }, rounds: 10)
      fit = FusionProblem.Fit(from: start)
    } else {
      fit = FusionProblem.Fit(from: flat(0.5))
    }
    let search = try StrengthSearch(from: maps.last?.strength ?? 4) { [problem] μ in
      try problem.fit(μ, &fit, problem.pace.trial(fit.isFresh), isCancelled: task.isCancelled)
      return try problem.heldOutMisfits(fit)
    }
    return (search.best, search.contrastShare)
  }

  /// The same value everywhere, nothing in padding lanes.
  private func flat(_ value: Float) -> FloatStorage {
    var field = FloatStorage(zeros: task.data.voxelCount)
    var values = field.mutableSpan
    let pictures = Pictures(task.data.gradient.shape)
    for block in pictures.blocks(64) { pictures.forEachPixel(of: block) { values[$0] = value } }
    return field
  }

  private static func alone(_ map: ElementMap, _ task: FusionTask) -> FusionProblem {
    FusionProblem(
      data: FusionData(task.data.haadf, [map], gradient: task.data.gradient), model: .linear,
      exponent: task.settings.exponent, scales: [1], variationShares: [1])
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
