import Fields
import Inversion
import Projection
import Reconstruction

/// Whether a few levels explain a series, as far as the series can say.
///
/// - Residual: `‖y − H s‖` over what noise and voxels at edges, which hold two materials, may leave,
///
///       σ² + ½ (Δ² / 12) · mean(H e),
///
///   with e the voxels at edges, of which half hold two materials in even shares, and Δ the mean step between levels.
/// - Prediction: a run without every fifth tilt predicts those, and so does the continuous reconstruction that it begins with.
/// - Levels: two that the fit of the regions does not tell apart, or given ones that it contradicts.
struct DiscreteVerdict {
  let found: [String: Setting]
  let warnings: [String]

  private typealias Prediction = (discrete: Double, continuous: Double)

  init(
    _ run: inout DiscreteRun, _ series: TiltSeries, _ geometry: TiltGeometry, _ workers: Workers,
    _ monitor: Monitor
  ) throws {
    let (method, values) = (run.method, run.scale.values)
    var found: [String: Setting] = ["levels": .list(values.map(Setting.number))]
    guard method.isChecked else {
      (self.found, warnings) = (found, [])
      return
    }
    let fit = LevelFit(&run, series.projections)
    let count = Double(series.shape.slabs.valueCount)
    let discrete =
      (SeriesMisfit(run.projector).squares(run.segmented, series.projections) / count).squareRoot()
    let continuous = (run.continuous / count).squareRoot()
    let slabs = TrialSlabs.choose(series, workers)
    let noise = TrialNoise(
      given: method.noise, measuresCounts: method.measuresCounts, series, slabs, weights: nil,
      workers)
    let floor = noise.level ?? continuous
    let allowed = (floor * floor + run.edgeVariance()).squareRoot()
    let prediction = try Self.predict(run, series.group(slabs), geometry.group(slabs), monitor)
    found["residualDiscrete"] = .number(discrete)
    found["residualContinuous"] = .number(continuous)
    found["residualAllowed"] = .number(allowed)
    found["heldOutDiscrete"] = (prediction?.discrete).map(Setting.number)
    found["heldOutContinuous"] = (prediction?.continuous).map(Setting.number)
    self.found = found
    warnings =
      Self.words(residual: discrete, allowed: allowed, isNoiseKnown: noise.level != nil)
      + Self.words(prediction) + Self.words(values, fit, isGiven: !run.fitsLevels)
  }

  private static func words(residual: Double, allowed: Double, isNoiseKnown: Bool) -> [String] {
    guard residual > 1.1 * allowed else { return [] }
    let reason =
      isNoiseKnown ? "noise and edges explain" : "the first reconstruction and edges leave"
    return [
      """
      The grey levels do not explain the projections: their residual is \(short(residual / allowed)) times what \(reason). The object may have \
      more levels, or slopes. Try more --levels, or --method cs.
      """
    ]
  }

  private static func words(_ prediction: Prediction?) -> [String] {
    guard let prediction, prediction.discrete > 1.02 * prediction.continuous else { return [] }
    return [
      """
      Without grey levels left-out tilts are predicted better: the error of the segmented volume is \
      \(short(prediction.discrete / prediction.continuous)) times that of the continuous one. The object may not be discrete, or the noise \
      is too large for this method. Compare with --method cs.
      """
    ]
  }

  private static func words(_ levels: [Double], _ fit: LevelFit?, isGiven: Bool) -> [String] {
    guard let fit else {
      return ["The projections do not tell the grey levels apart. Give fewer --levels."]
    }
    var words: [String] = []
    let whole = levels[levels.count - 1] - levels[0]
    for (level, error) in zip(levels, fit.errors) where error == nil {
      words.append("No voxel has the grey level \(short(level)).")
    }
    for k in 1..<levels.count {
      let apart = levels[k] - levels[k - 1]
      let error =
        ((fit.errors[k] ?? 0) * (fit.errors[k] ?? 0)
        + (fit.errors[k - 1] ?? 0) * (fit.errors[k - 1] ?? 0)).squareRoot()
      if apart < max(0.05 * whole, 3 * error) {
        words.append(
          "The grey levels \(short(levels[k - 1])) and \(short(levels[k])) cannot be told apart. Give fewer --levels."
        )
      }
    }
    guard isGiven else { return words }
    let step = zip(levels.dropFirst(), levels).map { $0 - $1 }.min() ?? 0
    for (k, level) in levels.enumerated() {
      guard let error = fit.errors[k], abs(fit.values[k] - level) > max(0.1 * step, 3 * error)
      else { continue }
      words.append(
        "The projections say that the voxels of the grey level \(short(level)) are \(short(fit.values[k])). Check --levels, or give their number."
      )
    }
    return words
  }

  /// - Returns: `nil` for too few tilts.
  private static func predict(
    _ run: borrowing DiscreteRun, _ series: TiltSeries, _ geometry: TiltGeometry,
    _ monitor: Monitor
  ) throws -> Prediction? {
    guard series.tilts.count >= TiltSplit.stride else { return nil }
    let (split, workers) = (TiltSplit.heldOut(series.tilts), run.workers)
    let (left, kept) = (split.left.sorted(), split.kept.sorted())
    let known = geometry.subset(of: kept)
    guard kept.count >= run.method.updates.method.subsetCount(known) else { return nil }
    var trial = DiscreteRun(
      run.method, known, series.subset(of: kept).projections,
      known: run.scale, workers)
    let seen = series.subset(of: left)
    let misfit = SeriesMisfit(
      ParallelProjector(
        geometry.subset(of: left), model: run.method.updates.rays, workers: workers))
    let count = Double(seen.shape.slabs.valueCount)
    func go() throws { guard !monitor.isCancelled() else { throw ReconstructionError.interrupted } }
    var x = FloatStorage(zeros: geometry.volume.slabs.count)
    try trial.begin(&x) { _ in try go() }
    let continuous = misfit.squares(x, seen.projections)
    for iteration in 1...run.method.iterationLimit {
      try go()
      _ = trial.iterate(&x, iteration)
    }
    let discrete = misfit.squares(trial.segmented, seen.projections)
    return ((discrete / count).squareRoot(), (continuous / count).squareRoot())
  }
}

extension DiscreteRun {
  /// What voxels that hold two materials leave in a measurement.
  mutating func edgeVariance() -> Double {
    formBoundary()
    projector.project(free, into: &left)
    let count = Double(projector.geometry.series.slabs.valueCount)
    let crossed = left.span.indices.reduce(0.0) { $0 + Double(left.span[$1]) } / count
    return crossed * scale.meanStep * scale.meanStep / 24
  }
}
