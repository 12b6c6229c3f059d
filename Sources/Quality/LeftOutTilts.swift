import Fields

/// Tilts that were left out of a run, and what the run makes of them.
struct LeftOutTilts {
  /// Into the tilts of the series.
  let indices: [Int]
  let measured: TiltSeries
  let predicted: TiltSeries

  func result(_ noise: NoiseLevel?, workers: Workers) -> PredictionResult {
    PredictionResult(
      TiltResiduals(of: measured, predictedBy: predicted.projections, workers: workers),
      blurred: TiltResiduals(
        of: measured, predictedBy: predicted.blurred(workers: workers).projections,
        workers: workers),
      noise: noise.map(sigmas))
  }

  func power(_ noise: NoiseLevel, workers: Workers) -> ErrorEstimate.Power {
    ErrorEstimate.Power(
      of: measured, predictedBy: predicted.projections, sigmas: sigmas(noise), workers: workers)
  }

  private func sigmas(_ noise: NoiseLevel) -> [Double] { indices.map { noise.perTilt[$0] } }
}
