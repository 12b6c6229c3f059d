package import Fields
import Inversion

/// The final fit of all data at the strength that was found.
package struct Fused {
  private let searched: Searched
  private let calibrated: Calibrated
  /// `xₑ`, `[element][voxel]`.
  package let field: FloatStorage
  private let report: SolverReport

  package init(_ searched: Searched) throws {
    let task = searched.calibrated.task
    task.onStage(.fusing)
    let settings = task.settings
    let effort = Effort(
      iterations: settings.iterationLimit, tolerance: settings.tolerance, tracksObjective: true)
    calibrated = try searched.calibrated.corrected(at: searched.strength, within: 0.004)
    var fit = calibrated.fit
    try calibrated.problem.fit(searched.strength, &fit, effort, isCancelled: task.isCancelled) {
      round, _ in round < searched.rounds
    }
    field = fit.blend(searched.contrastShare)
    (report, self.searched) = (fit.report, searched)
    try task.endIfCancelled()
  }

  /// The concentrations with all that tells whether to believe them.
  package func result() throws -> FusionResult {
    let (task, problem, denoised) = (calibrated.task, calibrated.problem, calibrated.denoised)
    let (data, isTied) = (task.data, task.settings.gain != nil || task.data.isTied)
    let calibration = problem.calibration ?? Calibration(coefficients: [], offset: 0)
    let (haadf, residual) = try problem.haadfConsistency(field, calibration)
    let (denoisedHAADF, before) = try problem.haadfConsistency(denoised.field, calibration)
    let sigma = data.haadf.sigma
    let lambda2 = 2 * sigma * sigma * searched.strength
    let fits = data.maps.indices.map { problem.writtenFit(field, $0) }
    let weights = calibrated.problemAsCounted.foundWeights(field, isTied: isTied)
    let elements = data.maps.indices.map { e in
      let (map, alone) = (data.maps[e], denoised.maps[e])
      return FusionResult.Element(
        symbol: map.element.symbol, atomicNumber: map.element.atomicNumber,
        scale: problem.scales[e] * map.unit, countUnit: map.unit, scaleIsGiven: map.scale != nil,
        coefficient: calibration.coefficients[e], atomicShare: problem.atomicShares[e],
        weight: weights.isEmpty ? nil : weights[e],
        isSeenByHAADF: !calibrated.unseen.contains(e),
        lambda1: problem.mapWeight * task.curvature(e, problem.scales[e]) * sigma * sigma,
        lambda2: lambda2 * problem.variationShares[e],
        denoisingStrength: alone.strength * alone.variationShare,
        consistency: fits[e].consistency, shift: map.shift, yields: map.yields)
    }
    var settings = task.settings
    settings.model = problem.model
    return FusionResult(
      settings: settings, elements: elements, fused: field, denoised: denoised.field,
      fusedResidual: residual, denoisedResidual: before, haadf: haadf, denoisedHAADF: denoisedHAADF,
      fusedFits: fits,
      denoisedFits: data.maps.indices.map { problem.writtenFit(denoised.field, $0) },
      sigma: sigma, signal: Self.signalSum(data.haadf, over: calibration.offset),
      calibration: calibration, trials: searched.trials,
      lambda1: problem.mapWeight * calibrated.balance, lambda2: lambda2 * calibrated.meanShare,
      report: report, vacuumCounts: data.maps.indices.map { problem.vacuumCounts($0) },
      projectionLaw: problem.projectionLaw(offset: calibration.offset))
  }

  /// `Σ (b_H − o)`
  private static func signalSum(_ haadf: HAADFSignal, over offset: Double) -> Double {
    let (measured, pictures) = (haadf.measurement, haadf.pictures)
    let y = measured.span
    let sum = y.indices.reduce(0.0) { $0 + Double(y[$1]) }
    return sum - offset * Double(pictures.shape.valueCount)
  }
}
