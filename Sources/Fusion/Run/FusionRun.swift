import Fields
import Inversion
import Reconstruction

/// One fusion on its way: denoise, calibrate, search, fuse, judge.
struct FusionRun {
  /// With the model that was found.
  var settings: SensorFusion
  let data: FusionData
  /// The same with maps as they were counted, not pooled.
  let counted: FusionData
  let onStage: @Sendable (SensorFusion.Stage) -> Void
  let isCancelled: @Sendable () -> Bool
  var problem: FusionProblem
  /// `xₑ` from each map alone, `[element][voxel]`, and the μ that each was found with.
  var denoised: FloatStorage
  var denoisedStrengths: [Double] = []
  /// Of the fit whose contrast is given back.
  var denoisedShares: [Double] = []
  /// `μ ν`
  var denoisedWeights: [Double] = []
  /// The same from pixels that were not left out, in units of the first scales; and what turns them
  /// into concentrations.
  var unknowing: FloatStorage
  var growth: [Float] = []
  var fit = FusionProblem.Fit(from: FloatStorage(zeros: 0))
  /// How the two fits are mixed, and how often contrast is given back.
  var contrastShare = 1.0
  var rounds = 1
  var fused = FloatStorage(zeros: 0)
  var strength = 1.0
  var trials: [StrengthTrial] = []
  var report = SolverReport()
  /// The weight of the variation of what HAADF sees, in units of its noise.
  static let mixtureShare = 0.12
  /// How many nats more the power law has to explain than the linear model.
  static let advantage = 3.0
  static let implausibility = 1e12
  var unseen: Set<Int> = []
  var gainRule = GainRule.levels

  init(
    _ settings: SensorFusion, _ data: FusionData,
    _ onStage: @escaping @Sendable (SensorFusion.Stage) -> Void,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    self.settings = settings
    counted = data
    self.data = FusionData(data.haadf, data.maps.map { $0.pooled() }, gradient: data.gradient)
    (self.onStage, self.isCancelled) = (onStage, isCancelled)
    let ones = [Double](repeating: 1, count: data.maps.count)
    problem = FusionProblem(
      data: self.data, model: settings.model ?? .linear, exponent: settings.exponent, scales: ones,
      variationShares: ones)
    denoised = FloatStorage(zeros: data.maps.count * data.voxelCount)
    unknowing = denoised
  }

  /// The problem with maps as they were counted: where their counts lie within the pixels of pooled maps calibrates.
  var problemAsCounted: FusionProblem {
    var problem = problem
    problem.data = counted
    return problem
  }

  func endIfCancelled() throws {
    if isCancelled() { throw ReconstructionError.interrupted }
  }

  func result() throws -> FusionResult {
    let calibration = problem.calibration ?? Calibration(coefficients: [], offset: 0)
    let (haadf, residual) = try problem.haadfConsistency(fused, calibration)
    let (denoisedHAADF, before) = try problem.haadfConsistency(denoised, calibration)
    let lambda2 = 2 * data.haadf.sigma * data.haadf.sigma * strength
    let fits = data.maps.indices.map { problem.writtenFit(fused, $0) }
    let weights = problemAsCounted.foundWeights(fused, isTied: settings.gain != nil || data.isTied)
    let elements = data.maps.indices.map { e in
      FusionResult.Element(
        symbol: data.maps[e].element.symbol, atomicNumber: data.maps[e].element.atomicNumber,
        scale: problem.scales[e] * data.maps[e].unit, countUnit: data.maps[e].unit,
        scaleIsGiven: data.maps[e].scale != nil,
        coefficient: calibration.coefficients[e], atomicShare: problem.atomicShares[e],
        weight: weights.isEmpty ? nil : weights[e],
        isSeenByHAADF: !unseen.contains(e),
        lambda1: problem.mapWeight * curvature(e, problem.scales[e]) * data.haadf.sigma
          * data.haadf.sigma,
        lambda2: lambda2 * problem.variationShares[e],
        denoisingStrength: denoisedWeights[e],
        consistency: fits[e].consistency, shift: data.maps[e].shift,
        yields: data.maps[e].yields)
    }
    return FusionResult(
      settings: settings, elements: elements, fused: fused, denoised: denoised,
      fusedResidual: residual, denoisedResidual: before, haadf: haadf, denoisedHAADF: denoisedHAADF,
      fusedFits: fits, denoisedFits: data.maps.indices.map { problem.writtenFit(denoised, $0) },
      sigma: data.haadf.sigma,
      signal: signalSum(calibration.offset), calibration: calibration, trials: trials,
      lambda1: problem.mapWeight * balance, lambda2: lambda2 * meanShare, report: report,
      vacuumCounts: data.maps.indices.map { problem.vacuumCounts($0) },
      projectionLaw: problem.projectionLaw(offset: calibration.offset))
  }

  /// `Σ (b_H − o)`
  func signalSum(_ offset: Double) -> Double {
    let y = data.haadf.measurement.span
    let sum = y.indices.reduce(0.0) { $0 + Double(y[$1]) }
    return sum - offset * Double(data.haadf.pictures.shape.valueCount)
  }
}
